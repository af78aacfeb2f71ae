package io.millrace.engine.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.millrace.engine.backfill.BackfillReport.DateReport;
import io.millrace.engine.backfill.BackfillReport.DateState;
import io.millrace.engine.backfill.BackfillReport.State;
import io.millrace.engine.schedule.DagSchedule;
import io.millrace.engine.schedule.ScheduleReconciler;
import io.millrace.engine.schedule.Timetable;
import io.millrace.engine.toys.Progress;
import io.millrace.engine.toys.RealServer;
import io.temporal.api.enums.v1.ScheduleOverlapPolicy;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowExecutionMetadata;
import io.temporal.client.schedules.ScheduleBackfill;
import io.temporal.client.schedules.ScheduleClient;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import io.temporal.worker.WorkerOptions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What only a real server shows: its Schedules' own runs, its id policies, and dying workers. */
class BackfillIT {

  private static final String QUEUE = "backfills";
  private static final Timetable NIGHTLY = Timetable.cron("30 2 * * *", "Europe/Berlin");

  private static final WorkflowClient client = RealServer.client();
  private static WorkerFactory factory;

  private static final Toy.DiaryImpl diary = new Toy.DiaryImpl();

  private final Backfills backfills = new Backfills(client, QUEUE);
  private final ScheduleClient schedules = ScheduleClient.newInstance(RealServer.service());

  @BeforeAll
  static void start() {
    startWorker();
  }

  @AfterAll
  static void stop() {
    factory.shutdownNow();
  }

  private static void startWorker() {
    factory = WorkerFactory.newInstance(client);
    Worker worker = factory.newWorker(QUEUE, RealServer.mortal(WorkerOptions.getDefaultInstance()));
    worker.registerWorkflowImplementationTypes(Toy.Impl.class);
    worker.registerActivitiesImplementations(diary);
    Backfills.register(worker, client);
    factory.start();
  }

  /** Both days on which Berlin changes its clocks, in one go. */
  @Test
  void aDateThatTheScheduleHasRunIsNotRunAgain() throws TimeoutException {
    ScheduleReconciler reconciler = new ScheduleReconciler(client, QUEUE, "backfill-it");
    reconciler.apply(List.of(new DagSchedule("toy", NIGHTLY).createdPaused()));
    schedules
        .getHandle("toy")
        .backfill(
            List.of(
                new ScheduleBackfill(
                    Instant.parse("2026-10-24T12:00:00Z"),
                    Instant.parse("2026-10-25T12:00:00Z"),
                    ScheduleOverlapPolicy.SCHEDULE_OVERLAP_POLICY_ALLOW_ALL)));
    Awaitility.await().until(() -> executions("toy-2026-10-25T01:30:00Z") == 1);

    BackfillReport report =
        run(
            new BackfillRequest(
                "toy",
                Instant.parse("2026-10-24T00:00:00Z"),
                Instant.parse("2026-10-26T23:00:00Z"),
                null,
                0,
                null,
                false,
                null,
                false));

    assertThat(report.dates())
        .extracting(DateReport::runId, DateReport::state)
        .containsExactly(
            tuple("toy-2026-10-24T00:30:00Z", DateState.SUCCEEDED),
            tuple("toy-2026-10-25T01:30:00Z", DateState.EXISTING),
            tuple("toy-2026-10-26T01:30:00Z", DateState.SUCCEEDED));
    Awaitility.await()
        .untilAsserted(
            () ->
                assertThat(
                        found(
                            "TemporalScheduledById='toy' AND TemporalScheduledStartTime >="
                                + " '2026-10-24T00:00:00Z' AND TemporalScheduledStartTime <="
                                + " '2026-10-27T00:00:00Z'"))
                    .containsOnlyKeys(
                        "toy-2026-10-24T00:30:00Z",
                        "toy-2026-10-25T01:30:00Z",
                        "toy-2026-10-26T01:30:00Z"));
    reconciler.apply(List.of(), true);
  }

  @Test
  void theServersIdPoliciesDoTheReprocessing() throws TimeoutException {
    BackfillRequest range =
        BackfillRequest.of(
            "toy",
            NIGHTLY,
            Instant.parse("2026-05-01T00:00:00Z"),
            Instant.parse("2026-05-02T12:00:00Z"));
    diary.failing.add("toy-2026-05-02T00:30:00Z");
    assertThat(run(range).state()).isEqualTo(State.FAILED);
    diary.failing.clear();

    assertThat(run(range).existing()).isEqualTo(2);
    assertThat(run(range.withReprocess(Reprocess.FAILED)))
        .returns(1, BackfillReport::succeeded)
        .returns(1, BackfillReport::existing);
    assertThat(run(range.withReprocess(Reprocess.COMPLETED)).succeeded()).isEqualTo(2);
    assertThat(diary.runs().stream().filter(id -> id.startsWith("toy-2026-05"))).hasSize(5);
  }

  @Test
  void withoutAnyTimetableItSaysWhatToDo() {
    BackfillRequest range =
        new BackfillRequest(
            "nobody", Instant.EPOCH, Instant.EPOCH, null, 0, null, false, null, false);

    assertThatThrownBy(() -> run(range))
        .hasStackTraceContaining("there is no schedule 'nobody': give the backfill a timetable");
  }

  /** Nothing lost, nothing twice, counted by the server and not by us. */
  @Test
  void survivesTwoKillsOfTheWorker() throws TimeoutException {
    BackfillRequest range =
        BackfillRequest.of(
                "toy",
                Timetable.cron("@daily"),
                Instant.parse("2026-07-01T00:00:00Z"),
                Instant.parse("2026-08-29T00:00:00Z"))
            .withMaxActiveRuns(4);
    String id = backfills.start(range);
    for (int kill = 1; kill <= 2; kill++) {
      int begun = 18 * kill;
      Awaitility.await().until(() -> summerRuns() >= begun);
      factory.shutdownNow();
      assertThat(client.newUntypedWorkflowStub(id).describe().getCloseTime()).isNull();
      startWorker();
    }

    BackfillReport report = Progress.awaitEnd(backfills, id);

    assertThat(report)
        .returns(60, BackfillReport::succeeded)
        .returns(State.SUCCESS, BackfillReport::state);
    Awaitility.await()
        .untilAsserted(
            () ->
                assertThat(
                        found(
                            "WorkflowType='toy' AND TemporalScheduledStartTime >="
                                + " '2026-07-01T00:00:00Z' AND TemporalScheduledStartTime <="
                                + " '2026-08-30T00:00:00Z'"))
                    .hasSize(60)
                    .allSatisfy((run, times) -> assertThat(times).isEqualTo(1)));
  }

  @Test
  void aYearStaysFarBelowTheLimitsOfAHistory() throws TimeoutException {
    BackfillRequest year =
        BackfillRequest.of(
                "toy",
                Timetable.cron("@daily"),
                Instant.parse("2025-01-01T00:00:00Z"),
                Instant.parse("2025-12-31T00:00:00Z"))
            .withMaxActiveRuns(8);
    String id = backfills.start(year);

    assertThat(Progress.awaitEnd(backfills, id).succeeded()).isEqualTo(365);

    assertThat(client.fetchHistory(id).getEvents()).hasSizeLessThan(10_240);
  }

  @Test
  void terminatingItLeavesItsRunsAlone() {
    diary.waiting = true;
    String id =
        backfills.start(
            BackfillRequest.of(
                "toy",
                Timetable.cron("@daily"),
                Instant.parse("2026-06-01T00:00:00Z"),
                Instant.parse("2026-06-09T00:00:00Z")));
    Awaitility.await().until(() -> diary.active.size() == 9);

    client.newUntypedWorkflowStub(id).terminate("a test");
    diary.waiting = false;
    List.copyOf(diary.active).forEach(run -> client.newUntypedWorkflowStub(run).signal("go"));

    assertThat(client.newUntypedWorkflowStub("toy-2026-06-09T00:00:00Z").getResult(String.class))
        .isEqualTo("flour");
  }

  private BackfillReport run(BackfillRequest request) throws TimeoutException {
    return Progress.awaitEnd(backfills, backfills.start(request));
  }

  private static long summerRuns() {
    return diary.runs().stream()
        .filter(run -> run.startsWith("toy-2026-07") || run.startsWith("toy-2026-08"))
        .distinct()
        .count();
  }

  private static long executions(String runId) {
    return found("WorkflowId='%s'".formatted(runId)).values().stream().mapToLong(n -> n).sum();
  }

  /** How often the server has run each workflow id. */
  private static Map<String, Long> found(String query) {
    try (Stream<WorkflowExecutionMetadata> runs = client.listExecutions(query)) {
      return runs.collect(
          Collectors.groupingBy(
              run -> run.getExecution().getWorkflowId(), TreeMap::new, Collectors.counting()));
    }
  }
}
