package io.millrace.engine.logs;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.DagRuns;
import io.millrace.engine.DagWorkers;
import io.millrace.engine.toys.MillActivities;
import io.millrace.engine.toys.MillDag;
import io.millrace.testing.Waiting;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactoryOptions;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

class TaskLogInterceptorTest {

  private final Map<String, TaskTry> begun = new ConcurrentHashMap<>();
  private final Map<String, String> ended = new ConcurrentHashMap<>();
  private final Queue<Map<String, String>> contexts = new ConcurrentLinkedQueue<>();
  private TestWorkflowEnvironment server;

  @BeforeEach
  void start() {
    TaskLogSink sink =
        tried -> {
          String id = tried.label() + "#" + tried.attempt();
          begun.put(id, tried);
          return new TaskLogSink.Capture(
              id, failure -> ended.put(id, failure == null ? "fine" : failure.getMessage()));
        };
    server =
        TestWorkflowEnvironment.newInstance(
            TestEnvironmentOptions.newBuilder()
                .setWorkerFactoryOptions(
                    WorkerFactoryOptions.newBuilder()
                        .setWorkerInterceptors(new TaskLogInterceptor(sink))
                        .build())
                .build());
    Worker worker = server.newWorker("q");
    DagWorkers.register(worker, MillDag.Impl.class);
    worker.registerActivitiesImplementations(new Stones());
    server.start();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void everyLineOfATaskHasItsPlaceAndEveryTryIsTold() throws TimeoutException {
    String run = run(2);

    assertThat(contexts)
        .filteredOn(context -> context.get("TaskLog").equals("grind[sack 1]#2"))
        .singleElement()
        .satisfies(
            context ->
                assertThat(context)
                    .containsEntry("Dag", "mill")
                    .containsEntry("Run", run)
                    .containsEntry("Task", "grind")
                    .containsEntry("MapIndex", "sack 1")
                    .containsEntry("Attempt", "2")
                    .containsEntry("WorkflowId", run)
                    .containsKeys("RunId", "ActivityId"));
    assertThat(contexts)
        .filteredOn(context -> context.get("Task").equals("bake"))
        .allSatisfy(context -> assertThat(context).doesNotContainKey("MapIndex"));
    assertThat(ended)
        .containsEntry("grind[sack 1]#1", "a stone fell")
        .containsEntry("grind[sack 1]#2", "fine")
        .containsEntry("bake#1", "fine")
        .hasSameSizeAs(begun);
    assertThat(begun.get("grind[sack 1]#1").scheduledAt())
        .isEqualTo(begun.get("grind[sack 1]#2").scheduledAt());
  }

  @Test
  void anItemThatAChildRunWorksOffBelongsToTheDagsRun() throws TimeoutException {
    String run = run(501);

    assertThat(begun.get("grind[sack 500]#1"))
        .satisfies(
            tried -> {
              assertThat(tried.dag()).isEqualTo("mill");
              assertThat(tried.run()).isEqualTo(run);
              assertThat(tried.item()).isEqualTo("sack 500");
            });
  }

  private String run(int sacks) throws TimeoutException {
    DagRuns runs = new DagRuns(server.getWorkflowClient(), "q");
    String run = runs.trigger("mill", Map.of("sacks", sacks));
    assertThat(runs.await(run, Waiting.LIMIT).task("bake").detail()).isNotNull();
    return run;
  }

  private final class Stones implements MillActivities {
    @Override
    public List<String> sacks(int count) {
      return IntStream.range(0, count).mapToObj(i -> "sack " + i).toList();
    }

    @Override
    public int grind(String sack) {
      contexts.add(MDC.getCopyOfContextMap());
      if (sack.equals("sack 1") && MDC.get("Attempt").equals("1")) {
        throw new IllegalStateException("a stone fell");
      }
      return 1;
    }

    @Override
    public Weighing weigh(List<Integer> flour) {
      return new Weighing(flour.size(), 1);
    }

    @Override
    public String bake(Weighing weighing) {
      contexts.add(MDC.getCopyOfContextMap());
      return "bread";
    }
  }
}
