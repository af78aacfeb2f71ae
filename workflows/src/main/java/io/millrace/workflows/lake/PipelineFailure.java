package io.millrace.workflows.lake;

/** Types of the failures that the data pipeline's tasks end with. */
public enum PipelineFailure {
  /** A parameter or an input makes no sense. */
  INVALID_INPUT(false),
  /** A bucket or a table is not there. */
  NOT_FOUND(false),
  /** Credentials are wrong or do not suffice. */
  ACCESS_DENIED(false),
  /** A data-quality suite failed. */
  DATA_QUALITY(false),
  /** Flink refuses, or a streaming job does not do what is asked of it. */
  JOB_FAILED(false),
  /** A server does not answer, or breaks off: worth another try. */
  UNAVAILABLE(true),
  /** A disk is full: worth another try once somebody made room. */
  DISK_FULL(true);

  private final boolean retried;

  PipelineFailure(boolean retried) {
    this.retried = retried;
  }

  /** Whether trying again can help without anybody changing anything. */
  public boolean isRetried() {
    return retried;
  }
}
