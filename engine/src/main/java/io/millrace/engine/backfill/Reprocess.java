package io.millrace.engine.backfill;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.temporal.api.enums.v1.WorkflowIdReusePolicy;

/**
 * What a backfill does with a date whose run exists already, as Airflow's {@code
 * --reprocess-behavior}. A run that is still active is never started again.
 *
 * <p>The server knows a run only within the namespace's retention; a date whose run is older counts
 * as never run.
 */
public enum Reprocess {
  /** Leaves it. */
  @JsonProperty("none")
  NONE,
  /** Runs it again if it failed, timed out, or was cancelled or terminated. */
  @JsonProperty("failed")
  FAILED,
  /** Runs it again however it ended. */
  @JsonProperty("completed")
  COMPLETED;

  /** The server decides by the run's id, so that two who start one date cannot both succeed. */
  WorkflowIdReusePolicy policy() {
    return switch (this) {
      case NONE -> WorkflowIdReusePolicy.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE;
      case FAILED -> WorkflowIdReusePolicy.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE_FAILED_ONLY;
      case COMPLETED -> WorkflowIdReusePolicy.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE;
    };
  }
}
