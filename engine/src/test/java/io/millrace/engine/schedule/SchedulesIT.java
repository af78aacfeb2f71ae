package io.millrace.engine.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.Dag;
import io.millrace.engine.DagRunOps;
import io.millrace.engine.DagRunOps.GateAnswer;
import io.millrace.engine.DagRuns;
import io.millrace.engine.DagWorkers;
import io.millrace.engine.DagWorkflow;
import io.millrace.engine.DataInterval;
import io.millrace.engine.RunReport;
import io.millrace.engine.backfill.BackfillReport;
import io.millrace.engine.backfill.BackfillRequest;
import io.millrace.engine.backfill.Backfills;
import io.millrace.engine.schedule.DagSchedule.Overlap;
import io.millrace.engine.schedule.ScheduleAlert.Kind;
import io.millrace.engine.schedule.ScheduleStatus.RecentRun;
import io.millrace.engine.schedule.ScheduleWatch.Memory;
import io.millrace.engine.toys.RealServer;
import io.millrace.testing.Waiting;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowNotFoundException;
import io.temporal.client.WorkflowOptions;
import io.temporal.common.converter.RawValue;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Schedules at work on a real server: intervals, an operator's hand, and runs that fall. */
class SchedulesIT {

  private static final String QUEUE = "toys";
  private static final Duration LIMIT = Waiting.LIMIT;

  private static final WorkflowClient client = RealServer.client();
  private static WorkerFactory factory;

  private static final List<ScheduleAlert> raised = new CopyOnWriteArrayList<>();

  private final Schedules schedules = new Schedules(client);
  private final ScheduleReconciler reconciler =
      new ScheduleReconciler(client, QUEUE, "schedules-it");
  private final DagRuns runs = new DagRuns(client, QUEUE);

  @BeforeAll
  static void start() {
    factory = WorkerFactory.newInstance(client, DagWorkers.factoryOptions(client));
    Worker worker = factory.newWorker(QUEUE, DagWorkers.options(8));
    DagWorkers.register(worker, IdleImpl.class, HeldImpl.class);
    Backfills.register(worker, client);
    ScheduleWatches.register(worker, client, raised::add);
    factory.start();
  }

  @AfterEach
  void clear() {
    reconciler.apply(List.of(), true);
  }

  @AfterAll
  static void stop() {
    factory.shutdownNow();
  }

  /** The schedule and a backfill give one date the same id, interval and logical date. */
  @Test
  void everyRunKnowsTheIntervalBeforeItsNominalTime() throws TimeoutException {
    Timetable timetable =
        Timetable.every(Duration.ofSeconds(4))
            .and("@every 4s/1s")
            .covering(DataIntervalKind.BEFORE);
    reconciler.apply(List.of(new DagSchedule("idle", timetable)));
    Awaitility.await().until(() -> schedules.describe("idle").orElseThrow().runs() >= 2);
    schedules.pause("idle", "enough seen");

    for (RecentRun run : schedules.describe("idle").orElseThrow().recent()) {
      requireInterval(timetable, run.runId(), run.nominal());
    }
    Instant from = Instant.parse("2026-01-01T00:00:00Z");
    Backfills backfills = new Backfills(client, QUEUE);
    BackfillReport backfill =
        backfills.await(
            backfills.start(BackfillRequest.of("idle", timetable, from, from.plusSeconds(5))),
            LIMIT);
    assertThat(backfill.succeeded()).isEqualTo(4);
    requireInterval(timetable, "idle-2026-01-01T00:00:04Z", from.plusSeconds(4));
    requireInterval(timetable, "idle-2026-01-01T00:00:05Z", from.plusSeconds(5));
  }

  private void requireInterval(Timetable timetable, String runId, Instant nominal)
      throws TimeoutException {
    DataInterval expected = DataInterval.of(timetable, nominal);
    assertThat(expected.end()).isEqualTo(nominal);
    assertThat(expected.start())
        .isEqualTo(nominal.minusSeconds(nominal.getEpochSecond() % 4 == 0 ? 3 : 1));
    assertThat(runId).isEqualTo("idle-" + nominal);
    assertThat(runs.await(runId, LIMIT))
        .returns(expected.start(), RunReport::logicalDate)
        .returns(expected.end(), RunReport::intervalEnd);
  }

  @Test
  void anOperatorPausesTriggersAndResumes() {
    reconciler.apply(List.of(DagSchedule.weekly("idle").withJitter(Duration.ofMinutes(1))));

    schedules.pause("idle", "the river is frozen");
    assertThat(schedules.describe("idle").orElseThrow())
        .returns(true, ScheduleStatus::paused)
        .returns("the river is frozen", ScheduleStatus::note)
        .returns("schedules-it", ScheduleStatus::owner)
        .returns(
            "@weekly zone=UTC catchup=PT168H overlap=buffer_one jitter=PT1M queue=toys",
            ScheduleStatus::spec);

    schedules.trigger("idle");
    Awaitility.await()
        .until(
            () ->
                schedules.describe("idle").orElseThrow().recent().stream()
                    .anyMatch(run -> run.status().equals("COMPLETED")));
    assertThat(schedules.describe("idle").orElseThrow().runs()).isEqualTo(1);
    schedules.unpause("idle", "thaw");
    ScheduleStatus idle = schedules.describe("idle").orElseThrow();
    assertThat(idle).returns(false, ScheduleStatus::paused).returns("thaw", ScheduleStatus::note);
    assertThat(idle.next()).isNotEmpty().isSorted();
    Awaitility.await().untilAsserted(() -> assertThat(schedules.list()).contains(idle));

    assertThatThrownBy(() -> schedules.pause("nobody", "why not"))
        .isInstanceOf(NoSuchElementException.class)
        .hasMessage("there is no schedule 'nobody'; see `millrace schedules list`");
  }

  /** Six intervals and more pass while it is paused. */
  @ParameterizedTest
  @CsvSource({
    "true, DECLARED, all",
    "false, DECLARED, last",
    "false, ALL, all",
    "true, LAST, last",
    "true, NONE, none"
  })
  void unpausingRunsWhatWasMissed(boolean catchup, CatchUp rule, String expected) {
    DagSchedule declared = DagSchedule.every("idle", Duration.ofSeconds(1)).createdPaused();
    reconciler.apply(List.of(catchup ? declared.withCatchup() : declared));
    Instant created = Instant.now();
    Awaitility.await().until(() -> Instant.now().isAfter(created.plusSeconds(7)));

    Unpaused done = schedules.unpause("idle", "thaw", rule);

    schedules.pause("idle", "enough seen");
    assertThat(done.missed()).isGreaterThanOrEqualTo(6);
    assertThat(done.started())
        .hasSize(expected.equals("all") ? done.missed() : expected.equals("last") ? 1 : 0);
    Awaitility.await()
        .ignoreExceptionsInstanceOf(WorkflowNotFoundException.class)
        .untilAsserted(
            () ->
                assertThat(done.started())
                    .allSatisfy(
                        time -> assertThat(runs.status("idle-" + time)).isEqualTo("COMPLETED")));
    assertThat(done.left())
        .allSatisfy(
            time ->
                assertThatThrownBy(() -> runs.status("idle-" + time))
                    .isInstanceOf(WorkflowNotFoundException.class));
  }

  @Test
  void whatHasARunIsNotMissed() throws TimeoutException {
    reconciler.apply(
        List.of(DagSchedule.every("idle", Duration.ofSeconds(2)).withCatchup().createdPaused()));
    Instant created = Instant.now();
    Awaitility.await().until(() -> Instant.now().isAfter(created.plusSeconds(9)));
    Backfills backfills = new Backfills(client, QUEUE);
    BackfillReport by =
        backfills.await(
            backfills.start(
                BackfillRequest.of(
                    "idle",
                    Timetable.every(Duration.ofSeconds(2)),
                    created.plusSeconds(3),
                    created.plusSeconds(5))),
            LIMIT);

    Unpaused done = schedules.unpause("idle", "thaw", CatchUp.ALL);

    schedules.pause("idle", "enough seen");
    assertThat(done.started())
        .isNotEmpty()
        .doesNotContainAnyElementsOf(
            by.dates().stream().map(BackfillReport.DateReport::date).toList());
  }

  /** The first run is held while the timetable changes, and those that wait start after it. */
  @Test
  void theIntervalsOfRunsThatWaitWhileTheTimetableChangesNeitherOverlapNorLeaveAGap() {
    Timetable before = Timetable.every(Duration.ofSeconds(2)).covering(DataIntervalKind.BEFORE);
    Timetable after = Timetable.every(Duration.ofSeconds(3)).covering(DataIntervalKind.BEFORE);
    reconciler.apply(List.of(new DagSchedule("held", before).withOverlap(Overlap.BUFFER_ALL)));
    Awaitility.await().until(() -> schedules.describe("held").orElseThrow().waiting() >= 2);
    reconciler.apply(List.of(new DagSchedule("held", after).withOverlap(Overlap.BUFFER_ALL)));
    Awaitility.await().until(() -> schedules.describe("held").orElseThrow().waiting() >= 6);

    TreeMap<Instant, RunReport> seen = new TreeMap<>();
    while (seen.size() < 7) {
      RecentRun run =
          Awaitility.await()
              .until(
                  () -> schedules.describe("held").orElseThrow().recent(),
                  recent -> !recent.isEmpty() && !seen.containsKey(recent.get(0).nominal()))
              .get(0);
      RunReport report =
          Awaitility.await().ignoreExceptions().until(() -> runs.describe(run.runId()), r -> true);
      seen.put(run.nominal(), report);
      runs.answer(run.runId(), new GateAnswer("wait", "approve", "test"));
    }
    schedules.pause("held", "enough seen");

    Instant end = seen.firstEntry().getValue().intervalEnd();
    for (RunReport report : seen.tailMap(seen.firstKey(), false).values()) {
      assertThat(report.logicalDate()).as(report.runId()).isEqualTo(end);
      end = report.intervalEnd();
    }
  }

  @Test
  void aSkippedRunRaisesAnAlert() {
    reconciler.apply(
        List.of(DagSchedule.every("held", Duration.ofSeconds(1)).withOverlap(Overlap.SKIP)));
    client
        .newUntypedWorkflowStub(
            ScheduleWatch.TYPE,
            WorkflowOptions.newBuilder()
                .setTaskQueue(QUEUE)
                .setWorkflowId(ScheduleWatch.TYPE)
                .build())
        .start(new Memory(new TreeMap<>(), List.of(), Duration.ofSeconds(1)));
    ScheduleWatches.ensureRunning(client, QUEUE);

    Awaitility.await()
        .until(
            () ->
                raised.stream()
                    .anyMatch(
                        alert -> alert.schedule().equals("held") && alert.kind() == Kind.SKIPPED));
    schedules.pause("held", "enough seen");
    Awaitility.await()
        .untilAsserted(
            () ->
                assertThat(raised.stream().mapToLong(ScheduleAlert::count).sum())
                    .isEqualTo(schedules.describe("held").orElseThrow().lost().skipped()));
    assertThat(
            client.newWorkflowStub(ScheduleWatch.class, ScheduleWatch.TYPE).alerts().get(0).kind())
        .isEqualTo(Kind.SKIPPED);
    client.newUntypedWorkflowStub(ScheduleWatch.TYPE).terminate("the test is over");
  }

  /** No params. */
  record None() {}

  /** Does nothing. */
  @WorkflowInterface
  public interface Idle extends DagRunOps {
    @WorkflowMethod(name = "idle")
    RunReport run(@Nullable RawValue params);
  }

  /** Waits for a person. */
  @WorkflowInterface
  public interface Held extends DagRunOps {
    @WorkflowMethod(name = "held")
    RunReport run(@Nullable RawValue params);
  }

  /** Does nothing. */
  public static final class IdleImpl extends DagWorkflow<None> implements Idle {
    @Override
    protected None defaults() {
      return new None();
    }

    @Override
    protected void define(Dag dag, None params, DataInterval interval) {}
  }

  /** Waits for a person. */
  public static final class HeldImpl extends DagWorkflow<None> implements Held {
    @Override
    protected None defaults() {
      return new None();
    }

    @Override
    protected void define(Dag dag, None params, DataInterval interval) {
      dag.gate("wait");
    }
  }
}
