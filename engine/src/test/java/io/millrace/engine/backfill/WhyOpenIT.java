package io.millrace.engine.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.DagRuns;
import io.millrace.engine.DagWorkers;
import io.millrace.engine.Policy;
import io.millrace.engine.backfill.BackfillReport.DateReport;
import io.millrace.engine.schedule.Timetable;
import io.millrace.engine.toys.AnyDag;
import io.millrace.engine.toys.AnyDag.Work;
import io.millrace.engine.toys.RealServer;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Each reason for which a date of a backfill stays open is told, by a real server. */
class WhyOpenIT {

  private static final String QUEUE = "why-open";
  private static final Instant FIRST = Instant.parse("2026-01-01T00:00:00Z");

  private static final WorkflowClient client = RealServer.client();
  private static final CountDownLatch end = new CountDownLatch(1);
  private static WorkerFactory factory;

  private final Backfills backfills = new Backfills(client, QUEUE);

  @BeforeAll
  static void start() {
    factory = WorkerFactory.newInstance(client, DagWorkers.factoryOptions(client));
    Worker worker = factory.newWorker(QUEUE, DagWorkers.options(4));
    DagWorkers.register(worker, AnyDag.Impl.class);
    Backfills.register(worker, client);
    factory.start();
  }

  @AfterAll
  static void stop() {
    end.countDown();
    factory.shutdownNow();
  }

  /** A worker of another process that is gone, as its name says. */
  private static WorkerFactory worker(String queue, String identity, Work work) {
    WorkflowClient other =
        WorkflowClient.newInstance(
            RealServer.service(), WorkflowClientOptions.newBuilder().setIdentity(identity).build());
    WorkerFactory there = WorkerFactory.newInstance(other);
    there.newWorker(queue).registerActivitiesImplementations(work);
    there.start();
    return there;
  }

  @Test
  void whatEachOpenDateDoesOrWaitsForIsTold() {
    String host = ManagementFactory.getRuntimeMXBean().getName().replaceAll(".*@", "");
    WorkerFactory dead = worker("why-open-dead", "999999999@" + host, new Hangs());
    WorkerFactory failing = worker("why-open-failing", "failing", new Fails());
    AnyDag.redefine(
        dag -> {
          Policy past = Policy.DEFAULT.dependsOnPast();
          dag.task("hangs", Work.class, Work::act).policy(past.withTaskQueue("why-open-dead"));
          dag.task("fails", Work.class, Work::items)
              .policy(
                  Policy.DEFAULT
                      .withRetries(50, Duration.ofMinutes(10))
                      .withTaskQueue("why-open-failing"));
          dag.task("alone", Work.class, w -> w.actWith(1))
              .policy(Policy.DEFAULT.withTaskQueue("why-open-nobody"));
          dag.gate("ask");
        });
    String id =
        backfills.start(
            BackfillRequest.of(
                "any", Timetable.cron("@daily"), FIRST, FIRST.plus(Duration.ofDays(1))));
    try {
      Awaitility.await()
          .untilAsserted(
              () ->
                  assertThat(reasonOf(id, 0))
                      .containsPattern(
                          "Do runs since \\S+ \\(attempt 1\\) on 999999999@\\S+, which is gone;"
                              + " the server tries again at \\S+, for the task has no heartbeat")
                      .containsPattern(
                          "Items is tried again at \\S+ \\(attempt 2\\), after: the page is torn")
                      .contains("DoWith waits: no worker polls the task queue 'why-open-nobody'")
                      .contains("and 1 more"));
      Awaitility.await()
          .untilAsserted(
              () ->
                  assertThat(new WhyOpen(client).reasons("any-" + FIRST.plus(Duration.ofDays(1))))
                      .contains("hangs waits for hangs of any-2026-01-01T00:00:00Z to end")
                      .anyMatch(reason -> reason.startsWith("ask waits for a person")));
    } finally {
      end.countDown();
      backfills.cancel(id, false, "enough seen", "test");
      for (int day = 0; day < 2; day++) {
        client.newUntypedWorkflowStub("any-" + FIRST.plus(Duration.ofDays(day))).terminate("test");
      }
      dead.shutdownNow();
      failing.shutdownNow();
    }
  }

  @Test
  void aRunThatNoWorkerPollsForIsTold() {
    String run = new DagRuns(client, "nobody-polls-this-queue").trigger("any", null, "why-open-0");

    assertThat(new WhyOpen(client).reason(run))
        .isEqualTo("no worker polls the task queue 'nobody-polls-this-queue' of the run");
    client.newUntypedWorkflowStub(run).terminate("test");
    assertThat(new WhyOpen(client).reason(run)).contains("has ended");
    assertThat(new WhyOpen(client).reason("no-such-run")).contains("about to be started");
  }

  private String reasonOf(String id, int date) {
    List<DateReport> dates = backfills.explain(backfills.describe(id)).dates();
    return dates.get(date).reason();
  }

  /** Never ends by itself. */
  private static class Hangs implements Work {
    @Override
    public Integer act() {
      try {
        end.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return 1;
    }

    @Override
    public Integer actWith(Integer input) {
      return 1;
    }

    @Override
    public List<Integer> items() {
      return List.of();
    }

    @Override
    public Integer both(List<Integer> pair) {
      return 1;
    }
  }

  /** Fails at every try. */
  private static final class Fails extends Hangs {
    @Override
    public List<Integer> items() {
      throw new IllegalStateException("the page is torn");
    }
  }
}
