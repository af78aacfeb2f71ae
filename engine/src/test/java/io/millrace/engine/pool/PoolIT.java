package io.millrace.engine.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.DagWorkers;
import io.millrace.engine.toys.RealServer;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.workflowservice.v1.ResetWorkflowExecutionRequest;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowStub;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pools amid cancels, terminates, killed workers and resets, on a real server. */
class PoolIT {

  private static final Duration PERIOD = Duration.ofMillis(500);
  private static final int SLOTS = 3;
  private static final int RUNS = 18;
  private static final int SACKS = 4;

  private static final WorkflowClient client = RealServer.client();

  private final String queue = "mill-" + UUID.randomUUID();
  private final String pool = "ramp-" + UUID.randomUUID();
  private final String keeperId = "keeper-" + pool;
  private final String thereId = "there-" + pool;
  private final String goneId = "gone-" + pool;
  private final String witnessId = "witness-" + pool;
  private final Mill mill = new Mill(client, queue, pool);
  private WorkerFactory factory;

  @BeforeEach
  void start() {
    startWorker();
    mill.startPool(PoolState.undeclared().withSlots(SLOTS).withLimits(PERIOD, 150));
  }

  @AfterEach
  void stop() {
    factory.shutdownNow();
  }

  @Test
  void neverUsesMoreThanThereIsAndLeaksNothingWhateverHappensToRunsAndWorkers() {
    String firstRun = mill.runOfPool();
    List<WorkflowStub> ended = new ArrayList<>();
    List<WorkflowStub> others = new ArrayList<>();
    for (int i = 0; i < RUNS; i++) {
      // Those that are to be ended amid their tasks would go on for a minute.
      List<WorkflowStub> kind = i % 3 == 0 ? ended : others;
      kind.add(
          mill.porter(
              "porter-%d-%s".formatted(i, pool),
              SACKS,
              i % 5 == 1 ? 2 : 1,
              kind == others ? 100 : 60_000));
    }
    for (int i = 0; !ended.isEmpty(); i++) {
      WorkflowStub porter = awaitOneAtWork(ended);
      ended.remove(porter);
      if (i % 3 == 1) {
        factory.shutdownNow();
        startWorker();
        Awaitility.await().until(() -> mill.scales.load.get() > 0);
      }
      if (i % 2 == 0) {
        porter.terminate("a test");
      } else {
        porter.cancel();
      }
    }

    assertThat(others).allMatch(porter -> porter.getResult(Integer.class) == SACKS);

    mill.awaitIdle();
    assertThat(mill.scales.heaviest).hasValueBetween(2, SLOTS);
    assertThat(mill.scales.load).hasValue(0);
    assertThat(mill.scales.carried).hasValueGreaterThanOrEqualTo(others.size() * SACKS);
    assertThat(mill.runOfPool()).as("the pool's run").isNotEqualTo(firstRun);
    awaitListed(mill.pools, pool);
  }

  @Test
  void continuesAsNewAgainAndAgainAndMissesNoSignal() {
    Mill busy = new Mill(client, queue, "busy-" + pool);
    // No check comes in time to put right what was missed.
    busy.startPool(PoolState.undeclared().withSlots(SLOTS).withLimits(Duration.ofHours(1), 40));
    String firstRun = busy.runOfPool();
    List<WorkflowStub> porters = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      porters.add(busy.porter("busy-%d-%s".formatted(i, pool), 30, 1, 1));
    }

    assertThat(porters).allMatch(porter -> porter.getResult(Integer.class) == 30);

    busy.awaitIdle();
    assertThat(busy.runOfPool()).isNotEqualTo(firstRun);
  }

  @Test
  void aResetRunHasItsSlotsStillAndOnlyOnce() {
    WorkflowStub keeper = mill.keeper(keeperId, 2);
    mill.awaitHeld(keeperId, 1);

    RealServer.service()
        .blockingStub()
        .resetWorkflowExecution(
            ResetWorkflowExecutionRequest.newBuilder()
                .setNamespace(client.getOptions().getNamespace())
                .setRequestId(UUID.randomUUID().toString())
                .setReason("a test")
                .setWorkflowExecution(
                    WorkflowExecution.newBuilder()
                        .setWorkflowId(keeperId)
                        .setRunId(keeper.getExecution().getRunId()))
                .setWorkflowTaskFinishEventId(3)
                .build());

    mill.awaitHeld(keeperId, 1);
    awaitAnotherCheck();
    assertThat(mill.report().used()).isEqualTo(2);
    mill.leave(keeperId);
    mill.awaitIdle();
  }

  @Test
  void aRunThatUsesTheIdAgainDoesNotInheritTheSlots() {
    mill.keeper(thereId, 1);
    mill.awaitHeld(thereId, 1);
    WorkflowStub gone = mill.keeper(goneId, 1);
    mill.awaitHeld(goneId, 1);
    gone.terminate("a test");
    mill.keeper(goneId, Claim.of("another-" + pool, 1, "keep"));
    mill.awaitHeld(goneId, 1);

    mill.awaitUsed(1);

    assertThat(mill.held(thereId)).isEqualTo(1);
    assertThat(mill.held(goneId)).isEqualTo(1);
    mill.leave(goneId);
    mill.leave(thereId);
    mill.awaitIdle();
  }

  @Test
  void aHolderThatContinuesAsNewKeepsWhatItCarries() {
    WorkflowStub keeper = mill.keeper(keeperId, 1);
    mill.awaitHeld(keeperId, 1);
    String firstRun = keeper.getExecution().getRunId();
    keeper.signal("moveOn", true);
    Awaitility.await().until(() -> !mill.runOf(keeperId).equals(firstRun));

    awaitAnotherCheck();

    mill.awaitHeld(keeperId, 1);
    assertThat(mill.report().used()).isEqualTo(1);
    mill.leave(keeperId);
    mill.awaitIdle();
  }

  @Test
  void withoutAWorkerItSaysSoAndDeclaringIsForLater() {
    Pools nobodysPools = new Pools(client, "nobody-polls-this", Duration.ofSeconds(1));
    nobodysPools.declare("early-" + pool, 7);

    assertThatThrownBy(() -> nobodysPools.set("late-" + pool, 3))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Pool 'late-%s' has not answered within PT1S:"
                + " does a worker poll the task queue 'nobody-polls-this'?",
            pool);
  }

  /** Other tests' pools, whose workers are gone, are in the same namespace. */
  @Test
  void aPoolWithoutAWorkerDoesNotKeepOthersFromBeingListed() {
    Pools others = new Pools(client, "no-worker-polls-" + pool);
    others.declare("silent-" + pool, 2);
    Pools own = new Pools(client, queue, Duration.ofSeconds(3));

    awaitListed(own, pool);
    Awaitility.await()
        .untilAsserted(() -> assertThat(own.list().unanswered()).contains("silent-" + pool));
  }

  private static void awaitListed(Pools pools, String pool) {
    Awaitility.await()
        .until(() -> pools.list().pools().stream().anyMatch(report -> report.name().equals(pool)));
  }

  /** Waits for a lease to come back that only a check can bring back. */
  private void awaitAnotherCheck() {
    WorkflowStub witness = mill.keeper(witnessId, 1);
    mill.awaitHeld(witnessId, 1);
    int used = mill.report().used();
    witness.terminate("a test");
    mill.awaitUsed(used - 1);
  }

  private void startWorker() {
    factory = WorkerFactory.newInstance(client, DagWorkers.factoryOptions(client));
    Worker worker = factory.newWorker(queue, RealServer.mortal(DagWorkers.options(16)));
    mill.register(worker);
    factory.start();
  }

  private WorkflowStub awaitOneAtWork(List<WorkflowStub> porters) {
    return Mill.await()
        .until(() -> porters.stream().filter(this::isAtWork).findFirst(), Optional::isPresent)
        .orElseThrow();
  }

  private boolean isAtWork(WorkflowStub porter) {
    String id = porter.getExecution().getWorkflowId();
    return mill.scales.load.get() > 0
        && mill.report().leases().stream().anyMatch(lease -> lease.run().equals(id));
  }
}
