package io.millrace.engine.asset;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.engine.DagWorkers;
import io.millrace.engine.toys.RealServer;
import io.millrace.testing.Waiting;
import io.temporal.api.enums.v1.EventType;
import io.temporal.client.WorkflowClient;
import io.temporal.common.converter.DefaultDataConverter;
import io.temporal.common.converter.EncodedValues;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import io.temporal.worker.WorkerOptions;
import io.temporal.workflow.DynamicWorkflow;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.unsafe.WorkflowUnsafe;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * 10,000 events and 200 consumers of (a and b_i) on a real server: every consumer has every event
 * once, no workflow's state reaches 1 MB, and no workflow task fails, for example because it kept
 * its thread for too long. Prints how long each step took.
 */
@Tag("long")
class ShardedAssetIT {

  private static final int EVENTS = 10_000;
  private static final int CONSUMERS = 200;
  private static final int BATCH = 100;

  private static final WorkflowClient client = RealServer.client();

  /** That of {@link AssetIT}: a hub stays where it began. */
  private static final String QUEUE = "assets";

  private WorkerFactory factory;

  @BeforeEach
  void start() {
    AnyRun.REASONS.clear();
  }

  /** What a dying worker has taken would hold up the next test. */
  @AfterEach
  void stop() {
    factory.shutdownNow();
    Waiting.until("the worker's end", factory::isTerminated, ended -> ended);
  }

  @ParameterizedTest
  @CsvSource({
    "one,false,false,false",
    "many,true,false,false",
    "each,true,true,false",
    "killed,true,false,true",
    "each-killed,true,true,true"
  })
  void everyConsumerGetsEveryEventOnce(
      String name, boolean manyPartitions, boolean eachPartition, boolean kills) {
    startWorker(kills);
    Stopwatch watch = new Stopwatch(name);
    Assets assets = new Assets(client, QUEUE, new AssetOwner("sharded", name));
    String a = name + "/a";
    List<AssetSchedule> schedules = schedules(name, eachPartition);
    assets.declare(schedules);
    watch.lap("declared");
    assets.declare(schedules);
    watch.lap("declared again");

    for (int i = 0; i < EVENTS; i += BATCH) {
      assets.emit(
          IntStream.range(i, i + BATCH)
              .mapToObj(n -> event(a, manyPartitions ? partition(n) : null, n))
              .toList());
      if (kills && i == EVENTS / 2) {
        factory.shutdownNow();
        startWorker(true);
      }
    }
    watch.lap("sent");
    Waiting.until("events", () -> report(a).events(), taken -> taken == EVENTS);
    watch.lap("taken");
    assets.emit(
        IntStream.range(0, CONSUMERS)
            .mapToObj(
                i -> event(name + "/b" + i, eachPartition ? partition(EVENTS - 1 - i) : null, i))
            .toList());
    watch.lap("completed");
    Waiting.until("runs", AnyRun.REASONS::size, runs -> runs == CONSUMERS);
    watch.lap("all runs started");

    for (int i = 0; i < CONSUMERS; i++) {
      assertReasons(
          AnyRun.REASONS.getOrDefault(name + "-" + i, Map.of()), i, manyPartitions, eachPartition);
    }
    watch.lap("checked");
    assertSmall(watch, AssetShard.id(a), "state", AssetState.class, kills);
    assertSmall(watch, AssetShard.id(name + "/b0"), "state", AssetState.class, kills);
    assertSmall(watch, AssetConsumer.id(name + "-0"), "consumer", ConsumerState.class, kills);
    assertSmall(watch, AssetHub.ID, "schedules", List.class, kills);
  }

  private static List<AssetSchedule> schedules(String name, boolean eachPartition) {
    return IntStream.range(0, CONSUMERS)
        .mapToObj(
            i ->
                new AssetSchedule(
                    name + "-" + i,
                    QUEUE,
                    AssetCondition.all(new Asset(name + "/a"), new Asset(name + "/b" + i)),
                    eachPartition))
        .toList();
  }

  private static void assertReasons(
      Map<String, Reasons> runs, int consumer, boolean manyPartitions, boolean eachPartition) {
    assertThat(runs).hasSize(1);
    Reasons reasons = runs.values().iterator().next();
    if (eachPartition) {
      assertThat(reasons).isEqualTo(new Reasons(2, 1, partition(EVENTS - 1 - consumer)));
    } else {
      assertThat(reasons.events()).isEqualTo(EVENTS + 1);
      assertThat(reasons.partitions()).isEqualTo(manyPartitions ? EVENTS + 1 : 1);
    }
  }

  private void startWorker(boolean isMortal) {
    factory = WorkerFactory.newInstance(client, DagWorkers.factoryOptions(client));
    WorkerOptions options = DagWorkers.options(8);
    Worker worker = factory.newWorker(QUEUE, isMortal ? RealServer.mortal(options) : options);
    worker.registerWorkflowImplementationFactory(AnyRun.class, AnyRun::new);
    DagWorkers.registerSystem(worker);
    factory.start();
  }

  private static AssetReport report(String asset) {
    return client.newWorkflowStub(AssetShard.class, AssetShard.id(asset)).report();
  }

  /** What a workflow would give to its next run, and that nothing went wrong in all its runs. */
  private static void assertSmall(
      Stopwatch watch, String workflowId, String query, Class<?> type, boolean kills) {
    int state =
        DefaultDataConverter.STANDARD_INSTANCE
            .toPayload(client.newUntypedWorkflowStub(workflowId).query(query, type))
            .orElseThrow()
            .getSerializedSize();
    List<PastRun> runs = PastRun.of(client, workflowId);
    watch.note("%s: state %,d bytes, runs %s".formatted(workflowId, state, runs));
    assertThat(state).isLessThan(1_000_000);
    assertThat(runs)
        .allSatisfy(
            run ->
                assertThat(run.events())
                    .doesNotContainKey(EventType.EVENT_TYPE_WORKFLOW_EXECUTION_FAILED));
    if (!kills) {
      assertThat(runs).allSatisfy(run -> assertThat(run.failures()).as(workflowId).isEmpty());
    }
  }

  private static AssetEvent event(String asset, @Nullable String partition, int number) {
    return new AssetEvent(asset, partition, "source-" + number, Instant.now());
  }

  private static String partition(int i) {
    return "2026-11-21/%05d".formatted(i);
  }

  /**
   * Why a run started; its input itself would fill the memory of the tests.
   *
   * @param partitions how many different ones, the events without one being one more
   */
  private record Reasons(long events, int partitions, String firstPartition) {
    static Reasons of(JsonNode input) {
      long events = 0;
      Set<String> partitions = new LinkedHashSet<>();
      for (JsonNode reason : input.path("$run").path("triggeringEvents")) {
        events += 1 + reason.path("earlier").path("events").asLong();
        partitions.add(reason.path("partition").asText());
        reason
            .path("earlier")
            .path("partitions")
            .forEach(partition -> partitions.add(partition.asText()));
      }
      return new Reasons(events, partitions.size(), partitions.iterator().next());
    }
  }

  /** Any DAG; notes why it was started. */
  public static final class AnyRun implements DynamicWorkflow {
    static final Map<String, Map<String, Reasons>> REASONS = new ConcurrentHashMap<>();

    @Override
    public Object execute(EncodedValues args) {
      if (!WorkflowUnsafe.isReplaying()) {
        REASONS
            .computeIfAbsent(Workflow.getInfo().getWorkflowType(), dag -> new ConcurrentHashMap<>())
            .put(Workflow.getInfo().getWorkflowId(), Reasons.of(args.get(0, JsonNode.class)));
      }
      return "done";
    }
  }
}
