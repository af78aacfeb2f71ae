package io.millrace.engine.asset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.TextNode;
import io.millrace.engine.DagWorkers;
import io.millrace.engine.asset.AssetDelivery.Numbered;
import io.millrace.engine.testing.HistoryReplay;
import io.temporal.client.WorkflowClient;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.worker.Worker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The hub as a workflow, on the test server. */
class AssetHubTest {

  private static final Path STORED = Path.of("src/test/resources/histories/assets");
  private static final String QUEUE = "assets";
  private static final Asset GRAIN = new Asset("grain");
  private static final Asset WIND = new Asset("wind");

  private final TriggeredRuns runs = new TriggeredRuns();
  private TestWorkflowEnvironment server;
  private WorkflowClient client;
  private Assets assets;

  @BeforeEach
  void start() {
    server = TestWorkflowEnvironment.newInstance();
    client = server.getWorkflowClient();
    Worker worker = server.newWorker(QUEUE);
    runs.register(worker);
    DagWorkers.registerSystem(worker);
    server.start();
    assets = new Assets(client, QUEUE);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void withoutAHubThereIsNothingYet() {
    assertThat(assets.list()).isEmpty();
    assertThat(assets.events()).isEmpty();
    assertThat(assets.waiting()).isEmpty();
    assertThat(assets.schedules()).isEmpty();
  }

  @Test
  void whatIsDeliveredTwiceIsTakenOnceAndStartsOneRun() {
    work();

    assertThat(assets.events())
        .extracting(AssetEvent::source)
        .containsExactlyInAnyOrder("log/1", "log/0", "a test");
    assertThat(assets.waiting()).containsOnlyKeys("mill");
    assertThat(runs("mill")).hasSize(1);
    assertThat(runs("mill").get(0)).containsExactlyInAnyOrder("a test", "log/0", "log/1");
  }

  @Test
  void consumersComeGoAndComeBack() {
    AssetSchedule mill = new AssetSchedule("mill", QUEUE, AssetCondition.all(GRAIN, WIND));
    AssetSchedule bakery = new AssetSchedule("bakery", QUEUE, AssetCondition.of(GRAIN));
    assets.declare(List.of(mill, bakery));
    assets.emit(GRAIN, null, "first");
    await().until(() -> runs("bakery").size() == 1);

    assets.declare(List.of(bakery));
    assets.emit(WIND, null, "nobody waits");
    assets.emit(GRAIN, null, "second");
    await().until(() -> runs("bakery").size() == 2);
    assets.declare(List.of(mill));
    assets.emit(WIND, null, "third");
    await().until(() -> assets.waiting().get("mill").size() == 1);
    assets.emit(GRAIN, null, "fourth");
    await().until(() -> runs("mill").size() == 1);

    assertThat(runs("mill")).containsExactly(List.of("third", "fourth"));
    assertThat(runs("bakery")).containsExactly(List.of("first"), List.of("second"));
    assertThat(assets.schedules()).containsExactly(mill);
    assertThat(assets.waiting()).containsOnlyKeys("mill");
  }

  @Test
  void aDagIsDeclaredOnce() {
    AssetSchedule one = new AssetSchedule("mill", QUEUE, AssetCondition.of(GRAIN));
    assertThatThrownBy(() -> assets.declare(List.of(one, one)))
        .hasMessage("DAG 'mill' is declared twice; give it one condition");
  }

  @Test
  void namesThatAreTooLongSaySo() {
    assertThatThrownBy(() -> new Asset("x".repeat(501))).hasMessageContaining("at most 500");
    assertThatThrownBy(() -> assets.emit(GRAIN, "p".repeat(501), "s"))
        .hasMessageContaining("A partition of asset 'grain' must have at most 500 characters");
  }

  private List<List<String>> runs(String dag) {
    return runs.sources(dag);
  }

  private static ConditionFactory await() {
    return Awaitility.await();
  }

  @Test
  void storedHistoriesStillReplay() {
    assertThat(HistoryReplay.replayAll(STORED, AssetHubRun.class)).hasSize(1);
  }

  @Test
  void newHistoriesReplay(@TempDir Path folder) throws IOException {
    work();
    for (String id : List.of(AssetHub.ID, "asset/grain", "asset-consumer/mill")) {
      Files.writeString(
          folder.resolve(id.replace('/', '-') + ".json"), client.fetchHistory(id).toJson(true));
    }

    assertThat(
            HistoryReplay.replayAll(
                folder, AssetHubRun.class, AssetShardRun.class, AssetConsumerRun.class))
        .hasSize(3);
  }

  private void work() {
    assets.declare(List.of(new AssetSchedule("mill", QUEUE, AssetCondition.all(GRAIN, WIND))));
    assets.emit(
        new AssetEvent("grain", "rye", "a test", Instant.EPOCH, TextNode.valueOf("3 sacks")));
    AssetDelivery delivery =
        new AssetDelivery(
            "log", List.of(new Numbered(0, wind("log/0")), new Numbered(1, wind("log/1"))));
    assets.deliver(delivery);
    assets.deliver(delivery);
    await().until(() -> assets.events().size() == 3 && runs("mill").size() == 1);
  }

  private static AssetEvent wind(String source) {
    return new AssetEvent("wind", null, source, Instant.EPOCH);
  }
}
