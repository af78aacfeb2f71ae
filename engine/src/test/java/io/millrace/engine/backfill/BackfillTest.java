package io.millrace.engine.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.engine.backfill.BackfillReport.DateReport;
import io.millrace.engine.backfill.BackfillReport.DateState;
import io.millrace.engine.backfill.BackfillReport.State;
import io.temporal.client.WorkflowOptions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BackfillTest extends ToyServer {

  @Test
  void runsEveryDateOnceAsTheScheduleWould() throws Exception {
    BackfillRequest request =
        days(5).withParams(new ObjectMapper().readTree("{\"prefix\":\"landing/\"}"));

    String id = backfills.start(request);
    BackfillReport report = backfills.await(id, LIMIT);

    assertThat(id).isEqualTo("backfill/toy/2026-01-01T00:00:00Z..2026-01-05T00:00:00Z");
    assertThat(report.state()).isEqualTo(State.SUCCESS);
    assertThat(report.succeeded()).isEqualTo(5);
    assertThat(diary.runs()).containsExactlyInAnyOrderElementsOf(ids(1, 5));
    assertThat(diary.entries)
        .contains(
            new Toy.Entry(
                "toy-2026-01-03T00:00:00Z",
                "{\"prefix\":\"landing/\"}",
                "2026-01-03T00:00Z",
                "toy",
                id,
                5));
  }

  @Test
  void neverHasMoreActiveRunsThanItMay() throws TimeoutException {
    BackfillReport report = run(days(40).withMaxActiveRuns(3));

    assertThat(report.succeeded()).isEqualTo(40);
    assertThat(diary.mostActive()).isBetween(1, 3);
    assertThat(diary.runs()).doesNotHaveDuplicates().hasSize(40);
  }

  @Test
  void runsBackwards() throws TimeoutException {
    BackfillReport report = run(days(4).withMaxActiveRuns(1).backwards());

    assertThat(diary.runs())
        .containsExactly(day(4), day(3), day(2), day(1))
        .isEqualTo(report.dates().stream().map(DateReport::runId).toList());
  }

  @Test
  void aFailedRunStopsNoOther() throws TimeoutException {
    diary.failing.add(day(2));

    String id = backfills.start(days(4).withMaxActiveRuns(1));
    BackfillReport report = backfills.await(id, LIMIT);

    assertThat(report.state()).isEqualTo(State.FAILED);
    assertThat(states(report))
        .containsExactly(
            entry(day(1), DateState.SUCCEEDED),
            entry(day(2), DateState.FAILED),
            entry(day(3), DateState.SUCCEEDED),
            entry(day(4), DateState.SUCCEEDED));
    assertThat(report.dates().get(1).reason()).isEqualTo("Broken: the stone broke");
    assertThatThrownBy(() -> client.newUntypedWorkflowStub(id).getResult(BackfillReport.class))
        .hasStackTraceContaining(
            "1 of 4 dates did not succeed: toy-2026-01-02T00:00:00Z failed: Broken");
  }

  @Test
  void theSameRangeAgainRunsOnlyWhatTheReprocessRuleSays() throws TimeoutException {
    diary.failing.add(day(2));
    run(days(3));
    diary.failing.clear();

    assertThat(run(days(3)))
        .returns(3, BackfillReport::existing)
        .returns(State.SUCCESS, BackfillReport::state);
    assertThat(diary.entries).hasSize(3);
    assertThat(states(run(days(3).withReprocess(Reprocess.FAILED))))
        .containsExactly(
            entry(day(1), DateState.EXISTING),
            entry(day(2), DateState.SUCCEEDED),
            entry(day(3), DateState.EXISTING));
    assertThat(run(days(3).withReprocess(Reprocess.COMPLETED)).succeeded()).isEqualTo(3);
    assertThat(diary.entries).hasSize(7);
  }

  @Test
  void aRunThatIsActiveIsNeverStartedAgain() throws TimeoutException {
    diary.waiting = true;
    client
        .newUntypedWorkflowStub(
            "toy", WorkflowOptions.newBuilder().setTaskQueue(QUEUE).setWorkflowId(day(2)).build())
        .start();
    Awaitility.await().until(() -> diary.active.contains(day(2)));
    diary.waiting = false;

    BackfillReport report = run(days(3).withReprocess(Reprocess.COMPLETED));

    assertThat(states(report)).containsEntry(day(2), DateState.EXISTING);
    assertThat(report.succeeded()).isEqualTo(2);
  }

  @Test
  void aDryRunOnlyTellsTheDates() throws TimeoutException {
    BackfillReport report = run(days(3).dry());

    assertThat(report)
        .returns(State.SUCCESS, BackfillReport::state)
        .returns(3, BackfillReport::planned);
    assertThat(report.dates()).extracting(DateReport::runId).isEqualTo(ids(1, 3));
    assertThat(diary.entries).isEmpty();
  }

  /** Three dates have a run, of which the second failed, and the plan is what then happens. */
  @ParameterizedTest
  @EnumSource(Reprocess.class)
  void aDryRunSaysWhatWouldHappen(Reprocess rule) throws TimeoutException {
    diary.failing.add(day(2));
    run(days(3));
    diary.failing.clear();
    BackfillRequest request = days(6).withReprocess(rule);

    BackfillReport plan = run(request.dry());
    BackfillReport backwards = run(request.backwards().dry());
    List<DateReport> fromOutside = backfills.plan(request);

    assertThat(plan.dates()).isEqualTo(fromOutside);
    assertThat(states(backwards)).containsExactlyInAnyOrderEntriesOf(states(plan));
    assertThat(backwards.dates().get(0).runId()).isEqualTo(day(6));
    assertThat(diary.entries).hasSize(3);
    BackfillReport done = run(request);
    assertThat(plan)
        .returns(done.succeeded(), BackfillReport::planned)
        .returns(done.existing(), BackfillReport::existing);
    assertThat(
            plan.dates().stream()
                .filter(date -> date.state() == DateState.EXISTING)
                .map(DateReport::runId)
                .toList())
        .isEqualTo(
            done.dates().stream()
                .filter(date -> date.state() == DateState.EXISTING)
                .map(DateReport::runId)
                .toList());
    assertThat(done.dates())
        .filteredOn(date -> date.state() == DateState.EXISTING)
        .allSatisfy(date -> assertThat(date.reason()).isNotEmpty());
  }

  @ParameterizedTest
  @EnumSource(Reprocess.class)
  void aPlanLeavesARunThatIsActive(Reprocess rule) {
    diary.waiting = true;
    client
        .newUntypedWorkflowStub(
            "toy", WorkflowOptions.newBuilder().setTaskQueue(QUEUE).setWorkflowId(day(2)).build())
        .start();

    assertThat(backfills.plan(days(2).withReprocess(rule)))
        .extracting(DateReport::state, DateReport::reason)
        .containsExactly(
            tuple(DateState.PLANNED, ""), tuple(DateState.EXISTING, "its run is active"));
  }

  @Test
  void aWrongRequestEndsTheBackfillWithAMessage() {
    String none =
        backfills.start(
            BackfillRequest.of("toy", DAILY, FIRST.plusSeconds(1), FIRST.plusSeconds(2)));
    assertThatThrownBy(() -> backfills.await(none, LIMIT))
        .hasStackTraceContaining(
            "Backfill of toy: '@daily zone=UTC' has no time from 2026-01-01T00:00:01Z to");

    String wrong = "wrong";
    client
        .newUntypedWorkflowStub(Backfill.TYPE, options(wrong))
        .start(Map.of("dag", "toy", "from", FIRST, "to", FIRST, "timetable", "@sometimes"));
    assertThatThrownBy(() -> backfills.await(wrong, LIMIT))
        .hasStackTraceContaining("Backfill of toy: cron '@sometimes' has 1 fields");

    client.newUntypedWorkflowStub(Backfill.TYPE, options("empty")).start(Map.of("dag", "toy"));
    assertThatThrownBy(() -> backfills.await("empty", LIMIT))
        .hasStackTraceContaining("A backfill needs dag, from and to");
  }

  @Test
  void oneRangeIsNotBackfilledTwiceAtATime() throws TimeoutException {
    diary.waiting = true;
    String id = backfills.start(days(1));
    Awaitility.await().until(() -> diary.active.size() == 1);

    assertThatThrownBy(() -> backfills.start(days(1)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(id);
    go(day(1));
    backfills.await(id, LIMIT);
    assertThat(backfills.start(days(1))).isEqualTo(id + "/2");
  }
}
