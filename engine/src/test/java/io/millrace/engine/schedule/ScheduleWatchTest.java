package io.millrace.engine.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.schedule.ScheduleAlert.Kind;
import io.millrace.engine.schedule.ScheduleWatch.Memory;
import io.millrace.engine.schedule.ScheduleWatches.LookImpl;
import io.millrace.engine.schedule.ScheduledRun.Before;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.worker.Worker;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class ScheduleWatchTest {

  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final String QUEUE = "watch";

  private final List<ScheduleStatus> schedules = new CopyOnWriteArrayList<>();
  private final List<ScheduleAlert> raised = new CopyOnWriteArrayList<>();
  private final List<Instant> missed = new CopyOnWriteArrayList<>();
  private final LookImpl look =
      new LookImpl(
          () -> schedules,
          (schedule, since) -> missed,
          raised::add,
          Clock.fixed(NOW, ZoneOffset.UTC));

  @Test
  void whatWasLostBeforeTheFirstLookIsToldToo() {
    schedules.add(status("bake", 0, 0, 0));
    schedules.add(status("grind", 2, 0, 1));

    look.look(new TreeMap<>(), null);

    assertThat(raised)
        .containsExactly(
            new ScheduleAlert("grind", Kind.SKIPPED, 2, NOW),
            new ScheduleAlert("grind", Kind.DROPPED, 1, NOW));
    assertThat(raised.get(0).message())
        .isEqualTo(
            "schedule grind: 2 runs skipped, because another was active; run the dates with:"
                + " millrace backfill create grind");
  }

  @Test
  void onlyWhatIsNewIsTold() {
    schedules.add(status("grind", 2, 5, 1));
    SortedMap<String, LostRuns> before = new TreeMap<>();
    before.put("grind", new LostRuns(2, 4, 1));

    SortedMap<String, LostRuns> after = look.look(before, null).counters();

    assertThat(raised).containsExactly(new ScheduleAlert("grind", Kind.MISSED, 1, NOW));
    look.look(after, null);
    assertThat(raised).hasSize(1);
  }

  @Test
  void aScheduleThatWasMadeAnewCountsFromZero() {
    schedules.add(status("grind", 1, 0, 0));
    SortedMap<String, LostRuns> before = new TreeMap<>();
    before.put("grind", new LostRuns(7, 0, 0));

    look.look(before, null);

    assertThat(raised).containsExactly(new ScheduleAlert("grind", Kind.SKIPPED, 1, NOW));
  }

  @Test
  void runsThatWereMissedInAPauseAreToldIfMillraceDidNotUnpauseIt() {
    missed.add(NOW.minusSeconds(7_200));
    missed.add(NOW.minusSeconds(3_600));
    schedules.add(paused("grind", true, "the river is frozen"));
    schedules.add(paused("bake", true, "no flour"));
    SortedMap<String, Instant> paused = look.look(new TreeMap<>(), null).paused();
    assertThat(look.look(new TreeMap<>(), paused).paused()).isEqualTo(paused);
    assertThat(raised).isEmpty();

    schedules.set(0, paused("grind", false, "Unpaused via UI"));
    schedules.set(1, paused("bake", false, new Unpaused("bake", missed, List.of()).note("flour")));
    assertThat(look.look(new TreeMap<>(), paused).paused()).isEmpty();

    assertThat(raised)
        .extracting(ScheduleAlert::message)
        .containsExactly(
            "schedule grind: 2 runs not run: it was paused, and unpaused without Millrace, which"
                + " could have run them; run the dates with: millrace backfill create grind"
                + " --from-date 2025-12-31T22:00:00Z --to-date 2025-12-31T23:00:00Z");
  }

  private static ScheduleStatus paused(String id, boolean paused, String note) {
    return new ScheduleStatus(
        id, "us", "@hourly", paused, note, List.of(), List.of(), 0, 9, LostRuns.NONE);
  }

  /** A day of looks: its memory goes with it from history to history. */
  @Test
  void theWatchRemembersAcrossHistories() {
    try (TestWorkflowEnvironment server = TestWorkflowEnvironment.newInstance()) {
      Worker worker = server.newWorker(QUEUE);
      worker.registerWorkflowImplementationFactory(ScheduleWatch.class, ScheduleWatchImpl::new);
      worker.registerActivitiesImplementations(look);
      server.start();
      schedules.add(status("grind", 3, 0, 0));
      WorkflowClient client = server.getWorkflowClient();
      ScheduleWatch watch =
          client.newWorkflowStub(
              ScheduleWatch.class,
              WorkflowOptions.newBuilder().setTaskQueue(QUEUE).setWorkflowId("watch").build());
      WorkflowClient.start(watch::run, (Memory) null);

      server.sleep(Duration.ofHours(5));
      schedules.set(0, status("grind", 4, 0, 0));
      server.sleep(Duration.ofHours(5));

      assertThat(raised).extracting(ScheduleAlert::count).containsExactly(3L, 1L);
      assertThat(client.newWorkflowStub(ScheduleWatch.class, "watch").alerts())
          .extracting(ScheduleAlert::count)
          .containsExactly(1L, 3L);
    }
  }

  @Test
  void aLateRunGivesWayOnlyToOneThatIsDueAlready() {
    ScheduledRun run = new ScheduledRun("@hourly zone=UTC", true, 0);
    Instant nominal = Instant.parse("2026-01-01T10:00:00Z");

    assertThat(run.supersededBy(nominal, Instant.parse("2026-01-01T10:59:59Z"))).isEmpty();
    assertThat(run.supersededBy(nominal, Instant.parse("2026-01-01T13:05:00Z")))
        .contains(Instant.parse("2026-01-01T13:00:00Z"));
    assertThat(
            new ScheduledRun("@hourly zone=UTC", true, 0, "backfill/x", Before.ADJACENT)
                .supersededBy(nominal, Instant.parse("2026-01-01T13:05:00Z")))
        .isEmpty();
  }

  @Test
  void aRunOfALimitedScheduleNeedsASlotAndABackfilledOneDoesNot() {
    DagSchedule grind = DagSchedule.hourly("grind").parallel(3);

    assertThat(ScheduledRun.of(grind).slot("grind"))
        .contains(new ScheduledRun.Slot("runs.grind", 3));
    assertThat(ScheduledRun.of(DagSchedule.hourly("grind")).slot("grind")).isEmpty();
    assertThat(new ScheduledRun("@hourly", false, 3, "backfill/x", Before.ADJACENT).slot("grind"))
        .isEmpty();
  }

  private static ScheduleStatus status(String id, long skipped, long missed, long dropped) {
    return new ScheduleStatus(
        id,
        "us",
        "@hourly",
        false,
        "",
        List.of(),
        new ArrayList<>(),
        0,
        9,
        new LostRuns(skipped, missed, dropped));
  }
}
