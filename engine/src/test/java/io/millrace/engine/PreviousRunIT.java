package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.millrace.engine.DagRunOps.Clear;
import io.millrace.engine.RunReport.RunState;
import io.millrace.engine.backfill.BackfillReport;
import io.millrace.engine.backfill.BackfillReport.DateReport;
import io.millrace.engine.backfill.BackfillReport.DateState;
import io.millrace.engine.backfill.BackfillRequest;
import io.millrace.engine.backfill.Backfills;
import io.millrace.engine.schedule.DagSchedule;
import io.millrace.engine.schedule.ScheduleReconciler;
import io.millrace.engine.schedule.Timetable;
import io.millrace.engine.toys.Progress;
import io.millrace.engine.toys.RealServer;
import io.millrace.testing.Waiting;
import io.temporal.activity.ActivityInterface;
import io.temporal.api.enums.v1.ScheduleOverlapPolicy;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowException;
import io.temporal.client.schedules.ScheduleBackfill;
import io.temporal.client.schedules.ScheduleClient;
import io.temporal.client.schedules.ScheduleHandle;
import io.temporal.common.converter.DataConverter;
import io.temporal.common.converter.RawValue;
import io.temporal.failure.ApplicationFailure;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.time.Duration;
import java.time.Instant;
import java.time.Month;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The past as a real server tells it: runs of backfills and schedules, reruns, dying workers. */
class PreviousRunIT {

  private static final String QUEUE = "ledgers";
  private static final Duration LIMIT = Waiting.LIMIT;

  private static final WorkflowClient client = RealServer.client();
  private static final Books books = new Books();
  private static WorkerFactory factory;

  private final DagRuns runs = new DagRuns(client, QUEUE);
  private final Backfills backfills = new Backfills(client, QUEUE);

  /** A day's pages are closed before the next day's are opened. */
  @WorkflowInterface
  public interface Ledger extends DagRunOps {
    @WorkflowMethod(name = "ledger")
    RunReport run(@Nullable RawValue params);
  }

  /** What its tasks do. */
  @ActivityInterface
  public interface Pages {
    String open(String day);

    String close(String day);
  }

  /** It has none. */
  record None() {}

  /** April's wait for a person before they close; June's are held if they fail. */
  public static final class LedgerImpl extends DagWorkflow<None> implements Ledger {
    @Override
    protected None defaults() {
      return new None();
    }

    @Override
    protected void define(Dag dag, None params, DataInterval interval) {
      Policy once = RealServer.mortal(Policy.DEFAULT);
      Month month = interval.start().atZone(ZoneOffset.UTC).getMonth();
      String day = interval.start().toString().substring(0, 10);
      Task<String> open =
          dag.task("open", Pages.class, pages -> pages.open(day))
              .policy(month == Month.APRIL ? once.dependsOnPast() : once.waitForDownstream());
      Task<String> close = dag.task("close", Pages.class, open, Pages::close).policy(once);
      if (month == Month.APRIL) {
        close.after(dag.gate("ask").after(open));
      }
      if (month == Month.JUNE) {
        dag.holdOnFailure();
      }
    }
  }

  /** Writes down what was done. */
  private static final class Books implements Pages {
    private final List<String> done = new CopyOnWriteArrayList<>();
    private final Set<String> torn = ConcurrentHashMap.newKeySet();

    @Override
    public String open(String day) {
      if (torn.contains(day)) {
        throw ApplicationFailure.newNonRetryableFailure("the page is torn", "Torn");
      }
      done.add("open " + day);
      return day;
    }

    @Override
    public String close(String day) {
      done.add("close " + day);
      return day;
    }
  }

  @BeforeAll
  static void start() {
    factory = WorkerFactory.newInstance(client, DagWorkers.factoryOptions(client));
    Worker worker = factory.newWorker(QUEUE, RealServer.mortal(DagWorkers.options(8)));
    DagWorkers.register(worker, LedgerImpl.class);
    Backfills.register(worker, client);
    worker.registerActivitiesImplementations(books);
    factory.start();
  }

  @AfterAll
  static void stop() {
    reconciler().apply(List.of(), true);
    factory.shutdownNow();
  }

  private static ConditionFactory await() {
    return Awaitility.await().ignoreExceptionsInstanceOf(WorkflowException.class);
  }

  private static String run(String day) {
    return "ledger-%sT00:00:00Z".formatted(day);
  }

  private void awaitDetail(String run, String detail) {
    await().until(() -> runs.describe(run).task("open").detail().equals(detail));
  }

  private static BackfillRequest days(String first, String last) {
    return BackfillRequest.of(
        "ledger", Timetable.cron("@daily"), Instant.parse(first), Instant.parse(last));
  }

  @Test
  void aBackfillWithManyActiveRunsKeepsTheOrderAlsoWhenItsWorkerIsKilled() throws TimeoutException {
    String id =
        backfills.start(days("2026-03-01T00:00:00Z", "2026-03-07T00:00:00Z").withMaxActiveRuns(4));
    await().until(() -> march().count() >= 4);
    factory.shutdownNow();
    assertThat(client.newUntypedWorkflowStub(id).describe().getCloseTime()).isNull();
    start();

    assertThat(Progress.awaitEnd(backfills, id).succeeded()).isEqualTo(7);

    // A worker that is killed may do again what it could not report.
    assertThat(march().distinct())
        .containsExactlyElementsOf(
            IntStream.rangeClosed(1, 7)
                .mapToObj("2026-03-%02d"::formatted)
                .flatMap(day -> Stream.of("open " + day, "close " + day))
                .toList());
  }

  private static Stream<String> march() {
    return books.done.stream().filter(what -> what.contains("2026-03"));
  }

  /** Each run that the previous one knew to be waiting got a signal: it did not have to poll. */
  @Test
  void aBackfillWithManyActiveRunsDoesNotWaitForPolls() throws TimeoutException {
    String id =
        backfills.start(days("2026-08-01T00:00:00Z", "2026-08-12T00:00:00Z").withMaxActiveRuns(10));

    assertThat(Progress.awaitEnd(backfills, id).succeeded()).isEqualTo(12);

    List<String> waited =
        IntStream.rangeClosed(2, 12)
            .mapToObj("2026-08-%02d"::formatted)
            .filter(day -> isRegistered(run(day)))
            .toList();
    assertThat(waited).isNotEmpty().allSatisfy(day -> assertThat(signals(run(day))).isPositive());
  }

  /** Whether a lookup found a task blocked, and the previous run able to signal that. */
  private static boolean isRegistered(String run) {
    DataConverter data = client.getOptions().getDataConverter();
    List<HistoryEvent> events = client.fetchHistory(run).getEvents();
    return events.stream()
        .filter(HistoryEvent::hasActivityTaskCompletedEventAttributes)
        .map(HistoryEvent::getActivityTaskCompletedEventAttributes)
        .filter(completed -> isLookup(events.get((int) completed.getScheduledEventId() - 1)))
        .map(
            completed ->
                data.fromPayloads(
                    0,
                    Optional.of(completed.getResult()),
                    PreviousRunReader.Answer.class,
                    PreviousRunReader.Answer.class))
        .anyMatch(answer -> answer.registered() != null && !answer.blocked().isEmpty());
  }

  private static boolean isLookup(HistoryEvent scheduled) {
    return scheduled
        .getActivityTaskScheduledEventAttributes()
        .getActivityType()
        .getName()
        .equals(PreviousRunReader.TYPE);
  }

  private static long signals(String run) {
    return client.fetchHistory(run).getEvents().stream()
        .filter(HistoryEvent::hasWorkflowExecutionSignaledEventAttributes)
        .map(e -> e.getWorkflowExecutionSignaledEventAttributes().getSignalName())
        .filter(PreviousRunSignals.SIGNAL::equals)
        .count();
  }

  @Test
  void aRerunOfTheRunBeforeMendsThePast() throws TimeoutException {
    books.torn.add("2026-05-02");
    String id =
        backfills.start(days("2026-05-01T00:00:00Z", "2026-05-03T00:00:00Z").withMaxActiveRuns(3));
    awaitDetail(
        run("2026-05-03"), "waits for open of %s, which is failed".formatted(run("2026-05-02")));
    books.torn.clear();
    // The next run learns of the failure a moment before the failed one ends.
    await().until(() -> !runs.status(run("2026-05-02")).equals("RUNNING"));

    String rerun = runs.rerun(run("2026-05-02"), null, List.of(), "ana", "mended");

    assertThat(runs.await(rerun, LIMIT))
        .returns(RunState.SUCCESS, RunReport::state)
        .returns(Instant.parse("2026-05-02T00:00:00Z"), RunReport::logicalDate);
    BackfillReport report = Progress.awaitEnd(backfills, id);
    assertThat(report.dates())
        .extracting(DateReport::runId, DateReport::state)
        .containsExactly(
            tuple(run("2026-05-01"), DateState.SUCCEEDED),
            tuple(run("2026-05-02"), DateState.FAILED),
            tuple(run("2026-05-03"), DateState.SUCCEEDED));
  }

  @Test
  void theRunBeforeIsTheLastThatThereIsAndIsWaitedForUntilItIsCleared() throws TimeoutException {
    books.torn.add("2026-06-01");
    schedule("2026-06-01");
    await().until(() -> runs.describe(run("2026-06-01")).state() == RunState.HELD);
    awaitListed(run("2026-06-01"));

    schedule("2026-06-09");

    awaitDetail(
        run("2026-06-09"), "waits for open of %s, which is failed".formatted(run("2026-06-01")));
    books.torn.clear();
    runs.clear(run("2026-06-01"), new Clear(List.of("open"), false, null, false, null, "ana", ""));
    assertThat(runs.await(run("2026-06-09"), LIMIT).state()).isEqualTo(RunState.SUCCESS);
  }

  @Test
  void aCancelledRunStillTellsWhatSucceededInItAndATerminatedOneDoesNot() throws TimeoutException {
    schedule("2026-04-01");
    awaitAsking("2026-04-01");
    runs.cancel(run("2026-04-01"));
    await().until(() -> runs.status(run("2026-04-01")).equals("CANCELED"));

    schedule("2026-04-02");

    awaitAsking("2026-04-02");
    client.newUntypedWorkflowStub(run("2026-04-02")).terminate("a test");
    schedule("2026-04-03");
    awaitDetail(
        run("2026-04-03"),
        "waits for a rerun of %s, which ended without a report".formatted(run("2026-04-02")));
    runs.cancel(run("2026-04-03"));
  }

  private void awaitAsking(String day) {
    await().until(() -> runs.describe(run(day)).task("ask").state() == NodeState.AWAITING_INPUT);
  }

  private static void awaitListed(String run) {
    await()
        .until(
            () -> {
              try (var found = client.listExecutions("WorkflowId = '%s'".formatted(run))) {
                return found.findAny().isPresent();
              }
            });
  }

  /** Lets the schedule run one day. */
  private static void schedule(String day) {
    reconciler()
        .apply(List.of(new DagSchedule("ledger", Timetable.cron("@daily")).createdPaused()));
    ScheduleHandle handle = ScheduleClient.newInstance(RealServer.service()).getHandle("ledger");
    Instant nominal = Instant.parse(day + "T00:00:00Z");
    handle.backfill(
        List.of(
            new ScheduleBackfill(
                nominal, nominal, ScheduleOverlapPolicy.SCHEDULE_OVERLAP_POLICY_ALLOW_ALL)));
  }

  private static ScheduleReconciler reconciler() {
    return new ScheduleReconciler(client, QUEUE, "run-before-it");
  }
}
