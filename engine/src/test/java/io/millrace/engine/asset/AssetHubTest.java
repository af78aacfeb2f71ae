package io.millrace.engine.asset;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.TextNode;
import io.millrace.engine.DagWorkers;
import io.millrace.engine.asset.AssetDelivery.Numbered;
import io.millrace.engine.testing.HistoryReplay;
import io.temporal.api.enums.v1.EventType;
import io.temporal.client.WorkflowClient;
import io.temporal.testing.TestWorkflowEnvironment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The hub as a workflow, without a server. */
class AssetHubTest {

  private static final Path STORED = Path.of("src/test/resources/histories/assets");
  private static final String QUEUE = "assets";
  private static final Asset GRAIN = new Asset("grain");
  private static final Asset WIND = new Asset("wind");

  private TestWorkflowEnvironment server;
  private WorkflowClient client;
  private Assets assets;

  @BeforeEach
  void start() {
    server = TestWorkflowEnvironment.newInstance();
    client = server.getWorkflowClient();
    DagWorkers.registerSystem(server.newWorker(QUEUE));
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
        .containsExactly("log/1", "log/0", "a test");
    assertThat(assets.waiting().get("mill")).extracting(AssetEvent::asset).containsExactly("wind");
    assertThat(
            client.fetchHistory(AssetHub.ID).getEvents().stream()
                .filter(
                    event ->
                        event.getEventType()
                            == EventType.EVENT_TYPE_START_CHILD_WORKFLOW_EXECUTION_INITIATED))
        .hasSize(1);
  }

  @Test
  void storedHistoriesStillReplay() {
    assertThat(HistoryReplay.replayAll(STORED, AssetHubRun.class)).hasSize(1);
  }

  @Test
  void newHistoriesReplay(@TempDir Path folder) throws IOException {
    record(folder);

    assertThat(HistoryReplay.replayAll(folder, AssetHubRun.class)).hasSize(1);
  }

  /** Also how the stored one was made: {@code record(STORED)}. */
  private void record(Path folder) throws IOException {
    work();
    Files.createDirectories(folder);
    Files.writeString(
        folder.resolve("delivered.json"), client.fetchHistory(AssetHub.ID).toJson(true));
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
    Awaitility.await()
        .until(() -> assets.events().size() == 3 && assets.waiting().get("mill").size() == 1);
  }

  private static AssetEvent wind(String source) {
    return new AssetEvent("wind", null, source, Instant.EPOCH);
  }
}
