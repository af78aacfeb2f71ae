package io.millrace.workers.cli;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which runs, in the list filter language of Temporal's visibility, so that the Web UI and the
 * Temporal CLI take the same text.
 */
final class RunQuery {

  /** The state of a run, in the words of its report. */
  enum State {
    /** Waits for a slot of its schedule. */
    QUEUED("ExecutionStatus = 'Running' AND RunState = 'queued'"),
    RUNNING("ExecutionStatus = 'Running' AND (RunState IS NULL OR RunState = 'running')"),
    /** Held by a person, or for its failures. */
    HELD("ExecutionStatus = 'Running' AND RunState = 'held'"),
    SUCCESS("ExecutionStatus = 'Completed'"),
    /** Also a run that was terminated, or that timed out. */
    FAILED("ExecutionStatus IN ('Failed', 'Terminated', 'TimedOut')"),
    CANCELLED("ExecutionStatus = 'Canceled'");

    private final String query;

    State(String query) {
      this.query = query;
    }

    String query() {
      return query;
    }
  }

  private static final String OF_DAGS =
      String.join(
          " OR ",
          "ParentWorkflowId IS NULL",
          "ParentWorkflowId STARTS_WITH 'backfill/'",
          "ParentWorkflowId STARTS_WITH 'asset-consumer/'",
          "WorkflowType IN ('%s')".formatted(String.join("', '", Names.dags())));

  private final List<String> conditions = new ArrayList<>();

  /** Runs of one DAG, or with null of all. */
  RunQuery dag(@Nullable String dag) {
    return dag == null ? this : and("WorkflowType = '%s'".formatted(dag.replace("'", "")));
  }

  /**
   * Runs of DAGs that a person, a schedule, an asset, a backfill or a task that triggers DAGs
   * started: not the child runs of a DAG's own tasks, and not the workflows that the engine has for
   * itself. The engine's backfills and asset consumers are the parents of the runs that they start.
   */
  RunQuery ofDags() {
    return and("WorkflowType NOT STARTS_WITH 'millrace_'").and("(" + OF_DAGS + ")");
  }

  RunQuery state(@Nullable State state) {
    return state == null ? this : and(state.query);
  }

  RunQuery startedAfter(@Nullable Instant time) {
    return time == null ? this : and("StartTime >= '%s'".formatted(time));
  }

  RunQuery awaitingInput() {
    return and("AwaitingInput = true").and("ExecutionStatus = 'Running'");
  }

  RunQuery backfills() {
    return and("RunType = 'backfill'");
  }

  private RunQuery and(String condition) {
    if (!conditions.contains(condition)) {
      conditions.add(condition);
    }
    return this;
  }

  String text() {
    return String.join(" AND ", conditions);
  }
}
