package io.millrace.engine.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.millrace.engine.schedule.DagSchedule.Overlap;
import io.millrace.engine.schedule.PlannedChange.Change;
import io.millrace.engine.toys.RealServer;
import io.temporal.api.enums.v1.ScheduleOverlapPolicy;
import io.temporal.client.schedules.ScheduleClient;
import io.temporal.client.schedules.ScheduleDescription;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ScheduleReconcilerIT {

  private final ScheduleClient client = ScheduleClient.newInstance(RealServer.service());
  private final ScheduleReconciler ours = new ScheduleReconciler(client, "nobody-polls-this", "us");

  @AfterEach
  void clear() {
    ours.apply(List.of());
  }

  @Test
  void makesTheServerHaveWhatIsDeclaredAndNothingMore() {
    ScheduleReconciler theirs = new ScheduleReconciler(client, "nobody-polls-this", "them");
    theirs.apply(List.of(DagSchedule.hourly("theirs")));

    assertThat(ours.apply(List.of(DagSchedule.hourly("grind"), DagSchedule.weekly("bake"))))
        .extracting(PlannedChange::schedule, PlannedChange::change)
        .containsExactly(tuple("bake", Change.CREATE), tuple("grind", Change.CREATE));

    client.getHandle("grind").pause("the river is frozen");
    DagSchedule nightly =
        new DagSchedule("grind", "30 2 * * *", ZoneId.of("Europe/Berlin"), Duration.ofDays(1));
    assertThat(ours.apply(List.of(nightly)))
        .extracting(PlannedChange::schedule, PlannedChange::change)
        .containsExactly(tuple("grind", Change.UPDATE), tuple("bake", Change.DELETE));

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
    new ScheduleReconciler(client, "nobody-polls-this", "them")
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
}
