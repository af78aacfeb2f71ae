package io.millrace.engine.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.engine.backfill.BackfillReport.DateReport;
import io.millrace.engine.backfill.BackfillReport.DateState;
import io.millrace.engine.backfill.BackfillReport.State;
import io.millrace.engine.schedule.Timetable;
import io.temporal.api.enums.v1.IndexedValueType;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowUpdateException;
import io.temporal.failure.CanceledFailure;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.worker.Worker;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BackfillTest {

  private static final String QUEUE = "toys";
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Timetable DAILY = Timetable.cron("@daily");
  private static final Instant FIRST = Instant.parse("2026-01-01T00:00:00Z");

  private final TestWorkflowEnvironment server = TestWorkflowEnvironment.newInstance();
  private final WorkflowClient client = server.getWorkflowClient();
  private final Backfills backfills = new Backfills(client, QUEUE);
  private final Toy.DiaryImpl diary = new Toy.DiaryImpl();

  @BeforeEach
  void start() {
    Awaitility.setDefaultTimeout(LIMIT);
    server.registerSearchAttribute(
        "TemporalScheduledStartTime", IndexedValueType.INDEXED_VALUE_TYPE_DATETIME);
    server.registerSearchAttribute(
        "TemporalScheduledById", IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD);
    Worker worker = server.newWorker(QUEUE);
    worker.registerWorkflowImplementationTypes(Toy.Impl.class);
    worker.registerActivitiesImplementations(diary);
    Backfills.register(worker, client);
    server.start();
  }

  @AfterEach
  void stop() {
    server.close();
  }

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
    Awaitility.await().until(() -> backfills.describe(id).succeeded() == 28);
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
    startWithHistoriesOf(100, "many", days(1_100).withMaxActiveRuns(20));

    BackfillReport report = backfills.await("many", LIMIT);

    assertThat(report.succeeded()).isEqualTo(1_100);
    assertThat(report.dates()).isEmpty();
    assertThat(diary.runs()).doesNotHaveDuplicates().hasSize(1_100);
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

  private void startWithHistoriesOf(int starts, String id, BackfillRequest request) {
    client
        .newUntypedWorkflowStub(Backfill.TYPE, options(id))
        .start(request, BackfillProgress.beginning(request.maxActiveRuns(), starts));
  }

  private static WorkflowOptions options(String id) {
    return WorkflowOptions.newBuilder().setTaskQueue(QUEUE).setWorkflowId(id).build();
  }

  private BackfillReport run(BackfillRequest request) throws TimeoutException {
    return backfills.await(backfills.start(request), LIMIT);
  }

  private void go(String runId) {
    client.newUntypedWorkflowStub(runId).signal("go");
  }

  private static BackfillRequest days(int count) {
    return BackfillRequest.of("toy", DAILY, FIRST, FIRST.plus(Duration.ofDays(count - 1)));
  }

  private static String day(int number) {
    return "toy-" + FIRST.plus(Duration.ofDays(number - 1));
  }

  private static List<String> ids(int first, int last) {
    return IntStream.rangeClosed(first, last).mapToObj(BackfillTest::day).toList();
  }

  private static Map<String, DateState> states(BackfillReport report) {
    return report.dates().stream()
        .collect(
            Collectors.toMap(
                DateReport::runId, DateReport::state, (one, other) -> other, LinkedHashMap::new));
  }
}
