package io.millrace.workflows;

/** The types of the failures that tasks of all DAGs end with. */
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
  /** An object of a training is missing or is not what its checksum says. */
  DATASET_CORRUPT(false),
  /** Too few trials of a study can still succeed. */
  TUNING_FAILED(false),
  /** A model version lacks what it needs to be scored. */
  MODEL_UNREADABLE(false),
  /** A model's scores are not numbers from 0 to 1. */
  SCORES_UNUSABLE(false),
  /** Serving would score a model otherwise than XGBoost does, or not at all. */
  SCORER_DISAGREES(false),
  /** The model registry refused a request (4xx): it would refuse a retry too. */
  REGISTRY_REFUSED(false),
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
