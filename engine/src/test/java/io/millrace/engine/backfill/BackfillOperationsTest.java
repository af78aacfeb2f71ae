package io.millrace.engine.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.backfill.BackfillReport.State;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowUpdateException;
import io.temporal.failure.CanceledFailure;
import io.temporal.testing.WorkflowReplayer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Pausing, cancelling, and going on in new histories. */
class BackfillOperationsTest extends ToyServer {

  @Test
  void pausesResumesAndChangesItsLimit() throws TimeoutException {
    diary.waiting = true;
    String id = backfills.start(days(6).withMaxActiveRuns(2));
    Awaitility.await().until(() -> diary.active.size() == 2);

    assertThat(backfills.pause(id, "the mill is full", "me"))
        .isEqualTo("paused; 2 active runs go on");
    go(day(1));
    Awaitility.await().until(() -> backfills.describe(id).succeeded() == 1);
    assertThat(backfills.describe(id))
        .returns(State.PAUSED, BackfillReport::state)
        .returns("paused: the mill is full (by me)", BackfillReport::note)
        .returns(1, BackfillReport::running)
        .returns(4, BackfillReport::planned);
    assertThatThrownBy(() -> backfills.pause(id, "again", "me"))
        .isInstanceOf(WorkflowUpdateException.class)
        .hasStackTraceContaining("already paused: the mill is full");

    backfills.setMaxActive(id, 4);
    backfills.resume(id);
    Awaitility.await().until(() -> diary.active.size() == 4);
    assertThatThrownBy(() -> backfills.setMaxActive(id, 0))
        .hasStackTraceContaining("maxActiveRuns must be 1 to 500, not 0");
    assertThatThrownBy(() -> backfills.resume(id)).hasStackTraceContaining("is not paused");

    diary.waiting = false;
    List.copyOf(diary.active).forEach(this::go);
    assertThat(backfills.await(id, LIMIT).succeeded()).isEqualTo(6);
    assertThat(diary.mostActive()).isEqualTo(4);
  }

  @Test
  void aCancelReachesTheActiveRuns() throws TimeoutException {
    diary.waiting = true;
    String id = backfills.start(days(5).withMaxActiveRuns(2));
    Awaitility.await().until(() -> diary.active.size() == 2);

    assertThat(backfills.cancel(id, false, "wrong range", "me"))
        .isEqualTo("cancelled, and its 2 active runs with it");
    BackfillReport report = backfills.await(id, LIMIT);

    assertThat(report)
        .returns(State.CANCELLED, BackfillReport::state)
        .returns(2, BackfillReport::cancelled)
        .returns(3, BackfillReport::planned);
  }

  @Test
  void orLetsThemEndInPeace() throws TimeoutException {
    diary.waiting = true;
    String id = backfills.start(days(5).withMaxActiveRuns(2));
    Awaitility.await().until(() -> diary.active.size() == 2);

    backfills.cancel(id, true, "enough", "me");
    assertThatThrownBy(() -> backfills.cancel(id, true, "enough", "me"))
        .hasStackTraceContaining("already cancelled: enough (by me)");
    go(day(1));
    go(day(2));

    assertThat(backfills.await(id, LIMIT))
        .returns(State.CANCELLED, BackfillReport::state)
        .returns(2, BackfillReport::succeeded)
        .returns(3, BackfillReport::planned);
  }

  @Test
  void cancelledAsAWorkflowItCancelsItsRunsAndEndsCancelled() {
    diary.waiting = true;
    String id = backfills.start(days(5).withMaxActiveRuns(2));
    Awaitility.await().until(() -> diary.active.size() == 2);

    client.newUntypedWorkflowStub(id).cancel();

    assertThatThrownBy(() -> backfills.await(id, LIMIT))
        .isInstanceOf(WorkflowFailedException.class)
        .hasCauseInstanceOf(CanceledFailure.class);
    assertThat(diary.active).isEmpty();
    assertThat(diary.entries).hasSize(2);
  }

  /** The window stays full across histories: what is active is found again. */
  @Test
  void aLongRangeGoesOnInNewHistories() throws TimeoutException {
    diary.waiting = true;
    diary.failing.add(day(7));
    String id = "long";
    startWithHistoriesOf(4, id, days(30).withMaxActiveRuns(3));
    Awaitility.await().until(() -> diary.active.size() == 3);
    go(day(2));
    go(day(3));
    Awaitility.await().until(() -> diary.active.containsAll(List.of(day(1), day(4), day(5))));
    diary.waiting = false;
    go(day(4));
    go(day(5));
    // Not by a query, which may get lost between two histories.
    Awaitility.await().until(() -> diary.entries.size() == 30 && diary.active.size() == 1);
    assertThat(diary.active).containsExactly(day(1));
    go(day(1));

    BackfillReport report = backfills.await(id, LIMIT);

    assertThat(report.succeeded()).isEqualTo(29);
    assertThat(report.failed()).isEqualTo(1);
    assertThat(diary.runs()).doesNotHaveDuplicates().hasSize(30);
    assertThat(diary.mostActive()).isLessThanOrEqualTo(3);
    assertThat(client.fetchHistory(id).getEvents().size()).isLessThan(100);
  }

  @Test
  void aCancelReachesRunsOfEarlierHistories() throws TimeoutException {
    diary.waiting = true;
    startWithHistoriesOf(2, "long", days(9).withMaxActiveRuns(3));
    Awaitility.await().until(() -> diary.active.size() == 3);

    backfills.cancel("long", false, "enough", "me");

    assertThat(backfills.await("long", LIMIT))
        .returns(State.CANCELLED, BackfillReport::state)
        .returns(3, BackfillReport::cancelled)
        .returns(6, BackfillReport::planned);
  }

  @Test
  void manyDatesStayShort() throws TimeoutException {
    startWithHistoriesOf(100, "many", days(1_001).withMaxActiveRuns(50));

    BackfillReport report = backfills.await("many", LIMIT);

    assertThat(report.succeeded()).isEqualTo(1_001);
    assertThat(report.dates()).isEmpty();
    assertThat(diary.runs()).doesNotHaveDuplicates().hasSize(1_001);
  }

  /** Deterministic, whatever happened: rejoined runs, a pause, a failure, a cancel. */
  @Test
  void everyHistoryReplays() throws Exception {
    diary.waiting = true;
    diary.failing.add(day(2));
    startWithHistoriesOf(3, "long", days(12).withMaxActiveRuns(3));
    Awaitility.await().until(() -> diary.active.contains(day(4)));
    backfills.pause("long", "for a test", "me");
    backfills.resume("long");
    go(day(1));
    Awaitility.await().until(() -> diary.entries.size() == 5);
    backfills.cancel("long", false, "enough", "me");
    backfills.await("long", LIMIT);

    for (String run : runIds("long")) {
      WorkflowReplayer.replayWorkflowExecution(
          client.fetchHistory("long", run), BackfillImpl.class);
    }
  }

  /** The last history and those before it. */
  private List<String> runIds(String id) {
    List<String> runs = new ArrayList<>();
    String run =
        client
            .fetchHistory(id)
            .getEvents()
            .get(0)
            .getWorkflowExecutionStartedEventAttributes()
            .getOriginalExecutionRunId();
    while (!run.isEmpty()) {
      runs.add(run);
      run =
          client
              .fetchHistory(id, run)
              .getEvents()
              .get(0)
              .getWorkflowExecutionStartedEventAttributes()
              .getContinuedExecutionRunId();
    }
    assertThat(runs).hasSizeGreaterThan(1);
    return runs;
  }
}
