package io.millrace.engine.replay;

import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.client.WorkflowClient;
import io.temporal.workflow.WorkflowInfo;
import java.util.Iterator;

/** Where the events of a run that is replayed come from. */
@FunctionalInterface
public interface RecordedHistory {

  /**
   * Reads a run's history.
   *
   * @return its events from the first one; reading on may ask the server for the next page
   */
  Iterator<HistoryEvent> events(WorkflowInfo run);

  /** The history that the server keeps, read page by page. */
  static RecordedHistory of(WorkflowClient client) {
    return run -> client.streamHistory(run.getWorkflowId(), run.getRunId()).iterator();
  }
}
