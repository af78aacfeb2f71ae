package io.millrace.engine.asset;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.engine.DagWorkers;
import io.millrace.engine.toys.RealServer;
import io.temporal.client.WorkflowClient;
import io.temporal.common.converter.DefaultDataConverter;
import io.temporal.common.converter.EncodedValues;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import io.temporal.workflow.DynamicWorkflow;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.unsafe.WorkflowUnsafe;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * 10,000 events and 200 consumers of (a and b_i) on a real server, whose worker is killed in the
 * middle: every consumer has every event once, and no workflow's state reaches 1 MB.
 */
@Tag("long")
class ShardedAssetIT {

  private static final int EVENTS = 10_000;
  private static final int CONSUMERS = 200;
  private static final int BATCH = 100;
  private static final Duration NO_PROGRESS = Duration.ofMinutes(3);

  private static final WorkflowClient client = RealServer.client();

  /** That of {@link AssetIT}: a hub stays where it began. */
  private static final String QUEUE = "assets";

  private WorkerFactory factory;

  @BeforeEach
  void start() {
    AnyRun.INPUTS.clear();
  }

  @AfterEach
  void stop() {
    factory.shutdownNow();
  }

  @ParameterizedTest
  @CsvSource({"one,false,false", "many,true,false", "each,true,true"})
  void everyConsumerGetsEveryEventOnceAlsoAcrossAKilledWorker(
      String name, boolean manyPartitions, boolean eachPartition) throws InterruptedException {
    startWorker();
    Assets assets = new Assets(client, QUEUE);
    String a = name + "/a";
    assets.declare(
        IntStream.range(0, CONSUMERS)
            .mapToObj(
                i ->
                    new AssetSchedule(
                        name + "-" + i,
                        QUEUE,
                        AssetCondition.all(new Asset(a), new Asset(name + "/b" + i)),
                        eachPartition))
            .toList());

    for (int i = 0; i < EVENTS; i += BATCH) {
      assets.emit(
          IntStream.range(i, i + BATCH)
              .mapToObj(n -> event(a, manyPartitions ? partition(n) : null, n))
              .toList());
      if (i == EVENTS / 2) {
        factory.shutdownNow();
        startWorker();
      }
    }
    awaitProgress(() -> events(assets, a), EVENTS);
    for (int i = 0; i < CONSUMERS; i++) {
      String partition = eachPartition ? partition(EVENTS - 1 - i) : null;
      assets.emit(event(name + "/b" + i, partition, i));
    }
    awaitProgress(AnyRun.INPUTS::size, CONSUMERS);

    for (int i = 0; i < CONSUMERS; i++) {
      assertReasons(
          AnyRun.INPUTS.getOrDefault(name + "-" + i, Map.of()), i, manyPartitions, eachPartition);
    }
    assertThat(stateBytes(AssetShard.id(a), "state", AssetState.class)).isLessThan(1_000_000);
    assertThat(stateBytes(AssetConsumer.id(name + "-0"), "consumer", ConsumerState.class))
        .isLessThan(1_000_000);
    assertThat(stateBytes(AssetHub.ID, "schedules", List.class)).isLessThan(1_000_000);
  }

  private static void assertReasons(
      Map<String, JsonNode> runs, int consumer, boolean manyPartitions, boolean eachPartition) {
    assertThat(runs).hasSize(1);
    JsonNode reasons = runs.values().iterator().next().path("$run").path("triggeringEvents");
    long count = 0;
    Set<String> partitions = new HashSet<>();
    for (JsonNode reason : reasons) {
      count += 1 + reason.path("earlier").path("events").asLong();
      partitions.add(reason.path("partition").asText());
      reason
          .path("earlier")
          .path("partitions")
          .forEach(partition -> partitions.add(partition.asText()));
    }
    if (eachPartition) {
      assertThat(count).isEqualTo(2);
      assertThat(partitions).containsExactly(partition(EVENTS - 1 - consumer));
    } else {
      assertThat(count).isEqualTo(EVENTS + 1);
      assertThat(partitions).hasSize(manyPartitions ? EVENTS + 1 : 1);
    }
  }

  private void startWorker() {
    factory = WorkerFactory.newInstance(client, DagWorkers.factoryOptions(client));
    Worker worker = factory.newWorker(QUEUE, RealServer.mortal(DagWorkers.options(8)));
    DagWorkers.registerSystem(worker);
    worker.registerWorkflowImplementationFactory(AnyRun.class, AnyRun::new);
    factory.start();
  }

  private static long events(Assets assets, String asset) {
    return assets.events(new Asset(asset)).isEmpty()
        ? 0
        : client.newWorkflowStub(AssetShard.class, AssetShard.id(asset)).report().events();
  }

  /** Waits as long as there is progress. */
  private static void awaitProgress(LongSupplier done, long all) throws InterruptedException {
    long last = -1;
    Instant since = Instant.now();
    while (last < all) {
      long now = done.getAsLong();
      if (now > last) {
        last = now;
        since = Instant.now();
      }
      assertThat(Duration.between(since, Instant.now()))
          .as("no progress at %d of %d", last, all)
          .isLessThan(NO_PROGRESS);
      Thread.sleep(100);
    }
  }

  /** What the workflow would give to its next run. */
  private static int stateBytes(String workflowId, String query, Class<?> type) {
    return DefaultDataConverter.STANDARD_INSTANCE
        .toPayload(client.newUntypedWorkflowStub(workflowId).query(query, type))
        .orElseThrow()
        .getSerializedSize();
  }

  private static AssetEvent event(String asset, @Nullable String partition, int number) {
    return new AssetEvent(asset, partition, "source-" + number, Instant.now());
  }

  private static String partition(int i) {
    return "2026-11-21/%05d".formatted(i);
  }

  /** Any DAG; keeps its input. */
  public static final class AnyRun implements DynamicWorkflow {
    static final Map<String, Map<String, JsonNode>> INPUTS = new ConcurrentHashMap<>();

    @Override
    public Object execute(EncodedValues args) {
      if (!WorkflowUnsafe.isReplaying()) {
        INPUTS
            .computeIfAbsent(Workflow.getInfo().getWorkflowType(), dag -> new ConcurrentHashMap<>())
            .put(Workflow.getInfo().getWorkflowId(), args.get(0, JsonNode.class));
      }
      return "done";
    }
  }
}
