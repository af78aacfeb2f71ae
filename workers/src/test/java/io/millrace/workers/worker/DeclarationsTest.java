package io.millrace.workers.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.DagWorkers;
import io.millrace.engine.asset.AssetSchedule;
import io.millrace.engine.asset.Assets;
import io.millrace.engine.pool.PoolReport;
import io.millrace.engine.pool.Pools;
import io.millrace.workflows.operations.ShippedOperations;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A worker declares the shipped pools and the DAGs that assets start. */
class DeclarationsTest {
  private TestWorkflowEnvironment server;
  private Pools pools;
  private Assets assets;
  private Declarations declarations;

  @BeforeEach
  void connect() {
    server = TestWorkflowEnvironment.newInstance();
    // Without the interceptor of the environment's own client, which skips years while it waits.
    WorkflowClient client =
        WorkflowClient.newInstance(
            server.getWorkflowServiceStubs(),
            WorkflowClientOptions.newBuilder(server.getWorkflowClient().getOptions())
                .setInterceptors()
                .build());
    pools = new Pools(client, Pipeline.SYSTEM_QUEUE);
    assets = new Assets(client, Pipeline.SYSTEM_QUEUE, Pipeline.OWNER);
  }

  @AfterEach
  void close() {
    declarations.close();
    server.close();
  }

  private void startWorker() {
    DagWorkers.registerSystem(server.newWorker(Pipeline.SYSTEM_QUEUE));
    server.start();
  }

  @Test
  void everythingIsDeclaredAlsoIfTheWorkerIsThereOnlyLater() {
    declarations = Declarations.start(pools, assets);
    startWorker();

    Awaitility.await().ignoreExceptions().untilAsserted(this::assertDeclared);
  }

  @Test
  void theSizeThatAnOperatorHasSetStays() {
    startWorker();
    pools.set(ShippedOperations.WAREHOUSE_POOL, 3);

    declarations = Declarations.start(pools, assets);

    Awaitility.await().ignoreExceptions().until(() -> !assets.schedules().isEmpty());
    assertThat(warehouse().slots()).isEqualTo(3);
  }

  private void assertDeclared() {
    assertThat(warehouse())
        .returns(ShippedOperations.WAREHOUSE_SLOTS, PoolReport::slots)
        .returns(true, PoolReport::declared);
    assertThat(assets.schedules())
        .extracting(AssetSchedule::dag)
        .isNotEmpty()
        .containsExactlyInAnyOrderElementsOf(
            Pipeline.assetSchedules().stream().map(AssetSchedule::dag).toList());
  }

  private PoolReport warehouse() {
    return pools.report(ShippedOperations.WAREHOUSE_POOL).orElseThrow();
  }
}
