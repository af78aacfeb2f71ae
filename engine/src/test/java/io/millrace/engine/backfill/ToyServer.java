package io.millrace.engine.backfill;

import io.millrace.engine.backfill.BackfillReport.DateReport;
import io.millrace.engine.backfill.BackfillReport.DateState;
import io.millrace.engine.schedule.Timetable;
import io.millrace.engine.toys.StandingClock;
import io.millrace.testing.Waiting;
import io.temporal.api.enums.v1.IndexedValueType;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A server in memory, a worker and the toy, for the tests of backfills. */
abstract class ToyServer {

  static final String QUEUE = "toys";
  static final Duration LIMIT = Waiting.LIMIT;
  static final Timetable DAILY = Timetable.cron("@daily");
  static final Instant FIRST = Instant.parse("2026-01-01T00:00:00Z");

  final TestWorkflowEnvironment server = TestWorkflowEnvironment.newInstance();
  final WorkflowClient client = StandingClock.client(server.getWorkflowClient());
  final Backfills backfills = new Backfills(client, QUEUE);
  final Toy.DiaryImpl diary = new Toy.DiaryImpl();

  @BeforeEach
  void start() {
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

  void startWithHistoriesOf(int starts, String id, BackfillRequest request) {
    client
        .newUntypedWorkflowStub(Backfill.TYPE, options(id))
        .start(request, BackfillProgress.beginning(request.maxActiveRuns(), starts));
  }

  static WorkflowOptions options(String id) {
    return WorkflowOptions.newBuilder().setTaskQueue(QUEUE).setWorkflowId(id).build();
  }

  BackfillReport run(BackfillRequest request) throws TimeoutException {
    return backfills.await(backfills.start(request), LIMIT);
  }

  void go(String runId) {
    client.newUntypedWorkflowStub(runId).signal("go");
  }

  static BackfillRequest days(int count) {
    return BackfillRequest.of("toy", DAILY, FIRST, FIRST.plus(Duration.ofDays(count - 1)));
  }

  static String day(int number) {
    return "toy-" + FIRST.plus(Duration.ofDays(number - 1));
  }

  static List<String> ids(int first, int last) {
    return IntStream.rangeClosed(first, last).mapToObj(ToyServer::day).toList();
  }

  static Map<String, DateState> states(BackfillReport report) {
    return report.dates().stream()
        .collect(
            Collectors.toMap(
                DateReport::runId, DateReport::state, (one, other) -> other, LinkedHashMap::new));
  }
}
