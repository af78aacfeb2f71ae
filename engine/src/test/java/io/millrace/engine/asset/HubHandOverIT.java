package io.millrace.engine.asset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.millrace.engine.DagWorkers;
import io.millrace.engine.asset.AssetDelivery.Numbered;
import io.millrace.stack.Component;
import io.millrace.stack.LocalStack;
import io.millrace.testing.Waiting;
import io.temporal.client.UpdateOptions;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowStub;
import io.temporal.client.WorkflowUpdateStage;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The hub of an earlier build hands over to this build's hub and shards. It needs a real server:
 * the test server loses what is sent at the moment of a continue-as-new. The server is its own,
 * because the hub's id is the same for all.
 */
class HubHandOverIT {

  private static final String QUEUE = "hand-over";
  private static final Asset GRAIN = new Asset("grain");
  private static final Asset WIND = new Asset("wind");

  private final TriggeredRuns runs = new TriggeredRuns();
  private LocalStack server;
  private WorkflowServiceStubs service;
  private WorkflowClient client;
  private WorkerFactory factory;
  private Assets assets;

  @BeforeEach
  void start() {
    server = LocalStack.forTests(Component.TEMPORAL);
    service =
        WorkflowServiceStubs.newServiceStubs(
            WorkflowServiceStubsOptions.newBuilder()
                .setTarget(server.endpoints().temporal().target())
                .build());
    client = WorkflowClient.newInstance(service);
    factory = WorkerFactory.newInstance(client, DagWorkers.factoryOptions(client));
    Worker worker = factory.newWorker(QUEUE, DagWorkers.options(8));
    runs.register(worker);
    DagWorkers.registerSystem(worker);
    factory.start();
    assets = new Assets(client, QUEUE);
  }

  @AfterEach
  void stop() {
    factory.shutdownNow();
    service.shutdownNow();
    server.close();
  }

  @Test
  void whatAnEarlierHubHeldStillWaitsAndCountsOnce() {
    WorkflowStub earlier = startEarlierHub();
    earlier.signal("emit", new AssetEvent("grain", "rye", "before", Instant.EPOCH));
    AssetDelivery delivery =
        new AssetDelivery(
            "log",
            List.of(new Numbered(7, new AssetEvent("grain", "oat", "log/7", Instant.EPOCH))));
    earlier.signal("deliver", delivery);
    assertThat(assets.waiting().get("each")).hasSize(2);

    // A worker of this build starts; a run that began before it still sends to the hub.
    assets.upgrade();
    assets.deliver(delivery);
    client
        .newUntypedWorkflowStub(AssetHub.ID)
        .signal("emit", new AssetEvent("wind", "rye", "a run of before", Instant.EPOCH));
    Waiting.until("runs of both", () -> runsOf("mill") + runsOf("each"), found -> found == 2);

    assertThat(runs.sources("mill")).containsExactly(List.of("before", "log/7", "a run of before"));
    assertThat(runs.sources("each")).containsExactly(List.of("before", "a run of before"));
    Waiting.until(
        "what waits for partition 'oat'",
        () -> assets.waiting().get("each").stream().map(AssetEvent::source).toList(),
        List.of("log/7")::equals);
    assertThat(assets.list())
        .extracting(AssetReport::asset, AssetReport::events, AssetReport::consumers)
        .containsExactly(
            tuple("grain", 2L, List.of("each", "mill")),
            tuple("wind", 1L, List.of("each", "mill")));
    assertThat(assets.events())
        .extracting(AssetEvent::source)
        .containsExactlyInAnyOrder("before", "log/7", "a run of before");
  }

  /** The hub as an earlier build starts it: without a state, declared by its own update. */
  private WorkflowStub startEarlierHub() {
    WorkflowStub earlier =
        client.newUntypedWorkflowStub(AssetHub.TYPE, AssetCalls.options(AssetHub.ID, QUEUE));
    earlier.executeUpdateWithStart(
        UpdateOptions.newBuilder(List.class)
            .setUpdateName("declare")
            .setWaitForStage(WorkflowUpdateStage.COMPLETED)
            .build(),
        new Object[] {
          List.of(
              new AssetSchedule("mill", QUEUE, AssetCondition.all(GRAIN, WIND)),
              new AssetSchedule("each", QUEUE, AssetCondition.all(GRAIN, WIND)).eachPartition())
        },
        new Object[] {null});
    return earlier;
  }

  private int runsOf(String dag) {
    return runs.sources(dag).size();
  }
}
