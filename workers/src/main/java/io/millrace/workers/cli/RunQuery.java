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

  /** How a run stands. */
  enum State {
    RUNNING("ExecutionStatus = 'Running'"),
    SUCCESS("ExecutionStatus = 'Completed'"),
    FAILED("ExecutionStatus = 'Failed'"),
    CANCELLED("ExecutionStatus = 'Canceled'"),
    TERMINATED("ExecutionStatus = 'Terminated'"),
    /** Held by a person, or for its failures. */
    HELD("ExecutionStatus = 'Running' AND RunState = 'held'");

    private final String query;

    State(String query) {
      this.query = query;
    }
  }

  private final List<String> conditions = new ArrayList<>();

  /** One DAG, or with null all of them, but not the workflows that the engine has for itself. */
  RunQuery dag(@Nullable String dag) {
    return and(
        dag == null
            ? "WorkflowType NOT STARTS_WITH 'millrace_'"
            : "WorkflowType = '%s'".formatted(dag.replace("'", "")));
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
