package io.millrace.engine.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.millrace.engine.schedule.DagSchedule.Overlap;
import io.millrace.engine.schedule.PlannedChange.Change;
import io.millrace.engine.toys.RealServer;
import io.temporal.api.enums.v1.ScheduleOverlapPolicy;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.schedules.Schedule;
import io.temporal.client.schedules.ScheduleActionStartWorkflow;
import io.temporal.client.schedules.ScheduleClient;
import io.temporal.client.schedules.ScheduleDescription;
import io.temporal.client.schedules.ScheduleOptions;
import io.temporal.client.schedules.ScheduleSpec;
import io.temporal.client.schedules.ScheduleState;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScheduleReconcilerIT {

  private final ScheduleClient client = ScheduleClient.newInstance(RealServer.service());
  private final ScheduleReconciler ours =
      new ScheduleReconciler(RealServer.client(), "nobody-polls-this", "us");

  @AfterEach
  void clear() {
    ours.apply(List.of(), true);
  }

  @Test
  void makesTheServerHaveWhatIsDeclaredAndNothingMore() {
    ScheduleReconciler theirs =
        new ScheduleReconciler(RealServer.client(), "nobody-polls-this", "them");
    theirs.apply(List.of(DagSchedule.hourly("theirs")));

    assertThat(ours.apply(List.of(DagSchedule.hourly("grind"), DagSchedule.weekly("bake"))))
        .extracting(PlannedChange::schedule, PlannedChange::change)
        .containsExactly(tuple("bake", Change.CREATE), tuple("grind", Change.CREATE));

    client.getHandle("grind").pause("the river is frozen");
    DagSchedule nightly =
        new DagSchedule("grind", "30 2 * * *", ZoneId.of("Europe/Berlin"), Duration.ofDays(1));
    assertThat(ours.apply(List.of(nightly)))
        .extracting(PlannedChange::schedule, PlannedChange::change)
        .containsExactly(tuple("grind", Change.UPDATE), tuple("bake", Change.RETIRE));

    ScheduleDescription grind = client.getHandle("grind").describe();
    assertThat(grind.getSchedule().getState().isPaused()).isTrue();
    assertThat(grind.getSchedule().getState().getNote()).isEqualTo("the river is frozen");
    assertThat(grind.getSchedule().getSpec().getTimeZoneName()).isEqualTo("Europe/Berlin");
    assertThat(ours.plan(List.of(nightly)))
        .extracting(PlannedChange::change)
        .containsExactly(Change.UNCHANGED);
    assertThat(client.getHandle("theirs").describe().getId()).isEqualTo("theirs");
  }

  @Test
  void leavesAScheduleOfSomebodyElseAlone() {
    new ScheduleReconciler(RealServer.client(), "nobody-polls-this", "them")
        .apply(List.of(DagSchedule.hourly("shared")));

    assertThatThrownBy(() -> ours.apply(List.of(DagSchedule.hourly("shared"))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Schedule 'shared' exists, but 'us' did not make it");
  }

  @Test
  void aPauseIsTheOperatorsOnceItIsMade() {
    DagSchedule declared = DagSchedule.every("pond", Duration.ofMinutes(15)).createdPaused();
    ours.apply(List.of(declared));
    assertThat(client.getHandle("pond").describe().getSchedule().getState().isPaused()).isTrue();

    client.getHandle("pond").unpause();
    ours.apply(List.of(declared.withOverlap(Overlap.SKIP).withJitter(Duration.ofSeconds(30))));

    ScheduleDescription pond = client.getHandle("pond").describe();
    assertThat(pond.getSchedule().getState().isPaused()).isFalse();
    assertThat(pond.getSchedule().getPolicy().getOverlap())
        .isEqualTo(ScheduleOverlapPolicy.SCHEDULE_OVERLAP_POLICY_SKIP);
    assertThat(pond.getSchedule().getSpec().getJitter()).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void severalMayApplyAtTheSameTime() throws Exception {
    List<DagSchedule> first = List.of(DagSchedule.hourly("grind"), DagSchedule.weekly("bake"));
    List<DagSchedule> second =
        List.of(DagSchedule.every("grind", Duration.ofMinutes(5)), DagSchedule.weekly("bake"));
    for (List<DagSchedule> declared : List.of(first, second, first, List.<DagSchedule>of())) {
      atOnce(6, () -> ours.apply(declared));

      assertThat(ours.plan(declared))
          .allSatisfy(change -> assertThat(change.change()).isEqualTo(Change.UNCHANGED));
    }
    assertThat(client.getHandle("grind").describe().getSchedule().getState().getNote())
        .isEqualTo(ScheduleReconciler.RETIRED);
  }

  /** An operator's pause that comes while others apply is not overwritten. */
  @Test
  void aPauseThatComesDuringAnApplyIsKept() throws Exception {
    ours.apply(List.of(DagSchedule.hourly("grind")));
    Schedules schedules = new Schedules(RealServer.client());
    for (int minutes = 1; minutes <= 8; minutes++) {
      DagSchedule changed = DagSchedule.every("grind", Duration.ofMinutes(minutes));
      String note = "pause " + minutes;
      List<Callable<Object>> all =
          List.of(
              () -> ours.apply(List.of(changed)),
              () -> {
                schedules.pause("grind", note);
                return note;
              });
      run(all);

      assertThat(schedules.describe("grind").orElseThrow())
          .returns(true, ScheduleStatus::paused)
          .returns(note, ScheduleStatus::note);
      schedules.unpause("grind", "on", CatchUp.NONE);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aScheduleThatIsTakenOutAndPutBackIsAsBefore(boolean pausedByAnOperator) {
    DagSchedule grind = DagSchedule.weekly("grind");
    ours.apply(List.of(grind, DagSchedule.weekly("bake")));
    if (pausedByAnOperator) {
      client.getHandle("grind").pause("the river is frozen");
    }
    assertThat(ours.apply(List.of(DagSchedule.weekly("bake"))))
        .extracting(PlannedChange::schedule, PlannedChange::change)
        .containsExactly(tuple("bake", Change.UNCHANGED), tuple("grind", Change.RETIRE));
    assertThat(client.getHandle("grind").describe().getSchedule().getState().isPaused()).isTrue();
    assertThat(ours.apply(List.of(DagSchedule.weekly("bake")))).hasSize(1);

    assertThat(ours.apply(List.of(grind, DagSchedule.weekly("bake"))))
        .extracting(PlannedChange::schedule, PlannedChange::change)
        .containsExactly(tuple("bake", Change.UNCHANGED), tuple("grind", Change.RESTORE));

    assertThat(client.getHandle("grind").describe().getSchedule().getState())
        .returns(pausedByAnOperator, ScheduleState::isPaused)
        .returns(pausedByAnOperator ? "the river is frozen" : "", state -> note(state));
  }

  private static String note(ScheduleState state) {
    return state.getNote() == null ? "" : state.getNote();
  }

  @Test
  void projectsOfOneOwnerLeaveEachOthersSchedules() {
    ScheduleReconciler other =
        new ScheduleReconciler(RealServer.client(), "nobody-polls-this", "us", "another");
    other.apply(List.of(DagSchedule.hourly("anothers")));
    ours.apply(List.of(DagSchedule.hourly("grind")));

    assertThat(ours.apply(List.of(), true))
        .extracting(PlannedChange::schedule)
        .containsExactly("grind");
    assertThat(client.getHandle("anothers").describe().getId()).isEqualTo("anothers");
    assertThatThrownBy(() -> ours.apply(List.of(DagSchedule.hourly("anothers"))))
        .hasMessageContaining("'us' did, in the project 'another'");
    other.apply(List.of(), true);
  }

  /** The build before wrote no project down. */
  @Test
  void aScheduleOfAnEarlierVersionBelongsToTheProjectOfItsTaskQueue() {
    for (String queue : List.of("nobody-polls-this", "another-queue")) {
      client.createSchedule(
          "old-" + queue,
          Schedule.newBuilder()
              .setSpec(ScheduleSpec.newBuilder().setCronExpressions(List.of("0 * * * *")).build())
              .setAction(
                  ScheduleActionStartWorkflow.newBuilder()
                      .setWorkflowType("old")
                      .setOptions(
                          WorkflowOptions.newBuilder()
                              .setWorkflowId("old")
                              .setTaskQueue(queue)
                              .build())
                      .build())
              .build(),
          ScheduleOptions.newBuilder().setMemo(Map.of(ScheduleReconciler.OWNER, "us")).build());
    }

    Awaitility.await()
        .untilAsserted(
            () ->
                assertThat(ours.plan(List.of(DagSchedule.hourly("old-nobody-polls-this"))))
                    .extracting(PlannedChange::schedule, PlannedChange::change)
                    .containsExactly(tuple("old-nobody-polls-this", Change.UPDATE)));
    client.getHandle("old-another-queue").delete();
  }

  private static void atOnce(int times, Callable<?> action) throws Exception {
    run(Collections.nCopies(times, () -> action.call()));
  }

  private static void run(List<? extends Callable<Object>> actions) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(actions.size());
    try {
      for (Future<Object> done : threads.invokeAll(actions)) {
        done.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }
}
