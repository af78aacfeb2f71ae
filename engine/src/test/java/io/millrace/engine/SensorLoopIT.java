package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.toys.RealServer;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowStub;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A sensor with a pool of one, on a real server. */
class SensorLoopIT {

  private static final Duration SOON = Duration.ofMillis(200);

  private static final WorkflowClient client = RealServer.client();

  private final String queue = "sensors-" + UUID.randomUUID();
  private final SensorLoopWorld world = new SensorLoopWorld(client, queue, "ramp-" + queue);
  private WorkerFactory factory = worker();

  private WorkerFactory worker() {
    WorkerFactory started = WorkerFactory.newInstance(client, DagWorkers.factoryOptions(client));
    Worker worker = started.newWorker(queue, RealServer.mortal(DagWorkers.options(8)));
    world.register(worker);
    started.start();
    return started;
  }

  @AfterEach
  void stop() {
    factory.shutdownNow();
  }

  @Test
  void itOutlivesItsWorkerAndContinuesAsNewAndLeavesThePoolEmpty() {
    world.size(1);
    WorkflowStub run =
        world.start(
            "run-" + queue, world.watch("landed", SOON, Duration.ofHours(1)).withMaxEvents(60));
    WorkflowStub other =
        world.start("other-" + queue, world.watch("there", SOON, Duration.ofHours(1)));
    world.awaitPokes(4);

    factory.shutdownNow();
    int before = world.pokes.get();
    factory = worker();
    world.awaitPokes(before + 12);
    world.answer(poke -> BigDecimal.ONE);

    assertThat(run.getResult(BigDecimal.class)).isEqualTo(SensorLoopWorld.EXACT);
    assertThat(other.getResult(BigDecimal.class)).isEqualTo(SensorLoopWorld.EXACT);
    assertThat(world.mostPokesAtOnce).hasValue(1);
    world.awaitIdle();
  }
}
