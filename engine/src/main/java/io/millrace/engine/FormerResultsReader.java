package io.millrace.engine;

import io.temporal.activity.Activity;
import io.temporal.activity.ActivityInterface;
import io.temporal.activity.ActivityMethod;
import io.temporal.client.WorkflowClient;
import io.temporal.common.WorkflowExecutionHistory;

/** Reads what the tasks of a run made from the run's history, whatever code made it. */
@ActivityInterface
public interface FormerResultsReader {

  /** The activity's type. */
  String TYPE = "millrace_former_results";

  /**
   * Reads a run, open or closed.
   *
   * @param workflowId of its latest execution
   */
  @ActivityMethod(name = TYPE)
  FormerResults read(String workflowId);

  /** Reads with the client of the worker that runs the activity. */
  final class Impl implements FormerResultsReader {
    @Override
    public FormerResults read(String workflowId) {
      WorkflowClient client = Activity.getExecutionContext().getWorkflowClient();
      WorkflowExecutionHistory history = client.fetchHistory(workflowId);
      return new FormerResultsHistory(client.getOptions().getDataConverter())
          .of(history.getEvents());
    }
  }
}
