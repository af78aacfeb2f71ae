package io.millrace.engine.pool;

import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInfo;
import java.util.Objects;

/**
 * A run that has slots, or wants some.
 *
 * @param workflowId where it can be reached
 * @param firstRunId the first run of its chain: the same after a continue-as-new, a retry and a
 *     reset, another when the workflow id is used again
 * @param runId the run of the chain that asked last
 */
public record Holder(String workflowId, String firstRunId, String runId) {

  public Holder {
    Objects.requireNonNull(workflowId, "workflowId");
    Objects.requireNonNull(firstRunId, "firstRunId");
    Objects.requireNonNull(runId, "runId");
  }

  static Holder ofCurrentRun() {
    WorkflowInfo info = Workflow.getInfo();
    return new Holder(info.getWorkflowId(), info.getFirstExecutionRunId(), info.getRunId());
  }

  boolean isSameRunAs(Holder other) {
    return workflowId.equals(other.workflowId) && firstRunId.equals(other.firstRunId);
  }
}
