package io.millrace.engine;

import io.millrace.engine.RunReport.RunState;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInfo;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is fixed about a run.
 *
 * @param dagId the DAG
 * @param runId the workflow id
 * @param interval what it is about
 * @param params the effective params as JSON
 * @param options what its starter asked of it
 * @param priority 1 (first) to 5 (last), of the run as a whole
 */
record RunInfo(
    String dagId,
    String runId,
    DataInterval interval,
    String params,
    RunOptions options,
    int priority) {

  static RunInfo ofCurrentRun(Object params, RunOptions options) {
    WorkflowInfo workflow = Workflow.getInfo();
    int priority = workflow.getPriority().getPriorityKey();
    return new RunInfo(
        workflow.getWorkflowType(),
        workflow.getWorkflowId(),
        DataInterval.ofCurrentRun(options.logicalDate(), options.intervalEnd()),
        Params.show(params),
        options,
        priority == 0 ? Policy.MIDDLE : priority);
  }

  RunReport report(
      RunState state,
      List<TaskReport> tasks,
      List<Operation> operations,
      @Nullable String skipped) {
    return new RunReport(
        dagId, runId, state, interval.start(), interval.end(), params, tasks, operations, skipped);
  }
}
