package io.millrace.engine.replay;

import io.temporal.client.WorkflowClient;
import io.temporal.common.converter.DataConverter;
import io.temporal.common.interceptors.WorkerInterceptorBase;
import io.temporal.common.interceptors.WorkflowInboundCallsInterceptor;
import java.util.function.Consumer;

/**
 * Stops a replay that would give a task the result of another one.
 *
 * <p>The rule: a recorded result belongs to a task of the code only if the history recorded it for
 * the same task (its summary, {@code task} or {@code task[item]}) with the same arguments. The SDK
 * itself compares activity types and the order of calls alone, and of local activities not even the
 * type. If one contradicts, the workflow task fails with both sides named; the run stays open and
 * goes on when a worker has code that fits.
 *
 * <p>Arguments are compared as JSON, with all digits of numbers. A record that gained or lost a
 * field does not contradict; a changed value does, and so does a list of another length. Checked
 * are the tasks of DAGs: activities, local activities, child runs and chunks of mapped tasks.
 *
 * <p>It costs nothing while a run is not replayed. A replay of a DAG reads the run's history once
 * more, page by page. If that cannot be read, the workflow task fails and is retried.
 */
public final class ReplayCheck extends WorkerInterceptorBase {

  /** What a stored history is replayed as that does not have its workflow id. */
  public static final String UNKNOWN_WORKFLOW_ID = "workflow_id_in_replay";

  private final RecordedHistory history;
  private final DataConverter converter;
  private final Consumer<String> found;

  /** Checks the runs of a worker against the histories that the server keeps. */
  public ReplayCheck(WorkflowClient client) {
    this(RecordedHistory.of(client), client.getOptions().getDataConverter(), mismatch -> {});
  }

  /**
   * Checks against other histories.
   *
   * @param converter decodes them
   * @param found takes a mismatch before the replay fails
   */
  public ReplayCheck(RecordedHistory history, DataConverter converter, Consumer<String> found) {
    this.history = history;
    this.converter = converter;
    this.found = found;
  }

  @Override
  public WorkflowInboundCallsInterceptor interceptWorkflow(WorkflowInboundCallsInterceptor next) {
    return new CheckedRun(next, history, converter, found);
  }
}
