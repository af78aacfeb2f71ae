package io.millrace.engine;

import io.millrace.engine.RunReport.RunState;
import io.millrace.engine.schedule.ScheduledRun;
import io.temporal.common.SearchAttributeKey;
import io.temporal.common.SearchAttributeUpdate;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowLocal;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;

/**
 * What a run can be found by on the server: {@code DagId}, {@code LogicalDate}, {@code RunType},
 * {@code RunState} and {@code AwaitingInput}.
 *
 * <p>A server on which they are not registered refuses them, and the run with them. So a worker
 * asks its server once, at its start (see {@link DagWorkers}), and each run records the answer it
 * began with in its history; without such a worker a run sets none.
 */
final class SearchAttributes {

  static final SearchAttributeKey<String> DAG_ID = SearchAttributeKey.forKeyword("DagId");
  static final SearchAttributeKey<OffsetDateTime> LOGICAL_DATE =
      SearchAttributeKey.forOffsetDateTime("LogicalDate");
  static final SearchAttributeKey<String> RUN_TYPE = SearchAttributeKey.forKeyword("RunType");
  static final SearchAttributeKey<String> RUN_STATE = SearchAttributeKey.forKeyword("RunState");
  static final SearchAttributeKey<Boolean> AWAITING_INPUT =
      SearchAttributeKey.forBoolean("AwaitingInput");

  /** All of them; a server has either all or is treated as having none. */
  static final List<SearchAttributeKey<?>> ALL =
      List.of(DAG_ID, LOGICAL_DATE, RUN_TYPE, RUN_STATE, AWAITING_INPUT);

  /** Whether the worker that runs this workflow has found them registered. */
  static final WorkflowLocal<Boolean> REGISTERED = WorkflowLocal.withCachedInitial(() -> false);

  /** Set by Temporal on runs that a Schedule started. */
  private static final SearchAttributeKey<String> SCHEDULED_BY =
      SearchAttributeKey.forKeyword("TemporalScheduledById");

  private final boolean enabled;
  private boolean awaitingInput;
  private RunState shown = RunState.RUNNING;

  private SearchAttributes(boolean enabled) {
    this.enabled = enabled;
  }

  /** Describes the run that begins. */
  static SearchAttributes begin(String dag, DataInterval interval) {
    boolean enabled = Workflow.sideEffect(Boolean.class, REGISTERED::get);
    SearchAttributes attributes = new SearchAttributes(enabled);
    attributes.upsert(
        DAG_ID.valueSet(dag),
        LOGICAL_DATE.valueSet(interval.start().atOffset(ZoneOffset.UTC)),
        RUN_TYPE.valueSet(runType()),
        RUN_STATE.valueSet(words(RunState.RUNNING)));
    return attributes;
  }

  /** Tells whether the run is held, and whether it waits for a person, if that has changed. */
  void tell(RunState state, boolean waits) {
    if (waits != awaitingInput || state != shown) {
      awaitingInput = waits;
      shown = state;
      upsert(RUN_STATE.valueSet(words(state)), AWAITING_INPUT.valueSet(waits));
    }
  }

  void end(RunState state) {
    if (awaitingInput) {
      upsert(RUN_STATE.valueSet(words(state)), AWAITING_INPUT.valueSet(false));
    } else {
      upsert(RUN_STATE.valueSet(words(state)));
    }
  }

  private void upsert(SearchAttributeUpdate<?>... updates) {
    if (enabled) {
      Workflow.upsertTypedSearchAttributes(updates);
    }
  }

  private static String runType() {
    if (ScheduledRun.ofCurrentRun().map(ScheduledRun::backfill).isPresent()) {
      return "backfill";
    }
    if (Workflow.getTypedSearchAttributes().get(SCHEDULED_BY) != null) {
      return "scheduled";
    }
    return Workflow.getInfo().getParentWorkflowId().isPresent() ? "child" : "manual";
  }

  private static String words(RunState state) {
    return state.name().toLowerCase(Locale.ROOT);
  }
}
