package io.millrace.engine.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.pool.Porter.Job;
import io.millrace.engine.testing.DagTest;
import io.millrace.engine.testing.HistoryReplay;
import io.temporal.client.WorkflowStub;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.testing.TestWorkflowEnvironment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a pool grants, refuses and reports. */
class PoolWorkflowTest {

  private static final Path STORED = Path.of("src/test/resources/histories");
  private static final Duration PERIOD = PoolState.CHECK_EVERY;

  private final TestWorkflowEnvironment server = TestWorkflowEnvironment.newInstance();
  private final Mill mill = Mill.on(server);

  @BeforeEach
  void start() {
    mill.register(server.newWorker("mill"));
    server.start();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void manyRunsNeverUseMoreThanThereIs() {
    mill.set(3);
    List<WorkflowStub> porters =
        IntStream.range(0, 6).mapToObj(i -> mill.porter("porter-" + i, 5, 1, 10)).toList();

    assertThat(porters).allMatch(porter -> porter.getResult(Integer.class) == 5);

    assertThat(mill.scales.heaviest).hasValueBetween(1, 3);
    assertThat(mill.scales.carried).hasValue(30);
    mill.awaitIdle();
  }

  @Test
  void holdsNoThreadForATaskThatWaits() {
    mill.set(20);

    assertThat(mill.porter("porter", 900, 1, 0).getResult(Integer.class)).isEqualTo(900);

    assertThat(mill.scales.heaviest).hasValueLessThanOrEqualTo(20);
  }

  @Test
  void aHeavyTaskTakesSeveralSlots() {
    mill.set(3);
    List<WorkflowStub> porters =
        List.of(mill.porter("light", 6, 1, 5), mill.porter("heavy", 4, 2, 5));

    porters.forEach(porter -> porter.getResult(Integer.class));

    assertThat(mill.scales.heaviest).hasValueBetween(2, 3);
    assertThat(mill.scales.carried).hasValue(10);
  }

  @Test
  void aClaimThatCanNeverBeMetFailsAtOnceAndSaysWhy() {
    mill.set(3);

    assertThatThrownBy(() -> mill.porter("greedy", 1, 4, 5).getResult(Integer.class))
        .cause()
        .isInstanceOfSatisfying(
            ApplicationFailure.class,
            e -> {
              assertThat(e.getType()).isEqualTo(RunPools.REFUSED);
              assertThat(e.getOriginalMessage())
                  .isEqualTo(
                      "Pool 'ramp' refuses: task carry[0] wants 4 slots and the pool has 3:"
                          + " claim fewer, or make it larger");
            });
  }

  @Test
  void aPoolNobodyDeclaredHasOneSlotAndTheDefaultPoolHasAirflows() {
    mill.porter("one", new Job("unheard-of", 3, 1, 5)).getResult(Integer.class);
    mill.porter("two", new Job(Pools.DEFAULT_POOL, 3, 1, 5)).getResult(Integer.class);

    assertThat(mill.pools.report("unheard-of").orElseThrow())
        .returns(1, PoolReport::slots)
        .returns(false, PoolReport::declared);
    assertThat(mill.pools.report(Pools.DEFAULT_POOL).orElseThrow().slots()).isEqualTo(128);
    assertThat(mill.pools.report("never-named")).isEmpty();
  }

  @Test
  void whatAnOperatorSetStaysWhenAWorkerDeclares() {
    mill.pools.declare("ramp", 4);
    assertThat(mill.report()).returns(4, PoolReport::slots).returns(true, PoolReport::declared);
    assertThat(mill.set(2).slots()).isEqualTo(2);
    mill.pools.declare("ramp", 4);
    assertThat(mill.report().slots()).isEqualTo(2);
    assertThatThrownBy(() -> mill.set(-1))
        .hasMessage("Pool 'ramp' must have 0 to 1000000 slots, not -1");
  }

  @Test
  void resizingGrantsAndNeverRevokes() {
    mill.set(1);
    mill.keeper("first", 1);
    mill.awaitHeld("first", 1);
    mill.keeper("second", 1);
    mill.awaitWaiting(1);

    mill.set(2);
    mill.awaitHeld("second", 1);
    mill.set(1);
    mill.keeper("third", 1);
    mill.awaitWaiting(1);

    assertThat(mill.report().used()).isEqualTo(2);
    mill.leave("first");
    assertThat(mill.report().waiting()).isEqualTo(1);
    mill.leave("second");
    mill.awaitHeld("third", 1);
  }

  @Test
  void showsWhatIsInUseAndWhatWaits() {
    mill.set(1);
    mill.keeper("first", 1);
    mill.awaitHeld("first", 1);
    mill.keeper("second", Claim.of("ramp", 1, "urgent").withPriority(1));
    mill.awaitWaiting(1);

    assertThat(mill.report().markdown())
        .startsWith("### pool ramp: 1 of 1 slots used, 1 waiting\n")
        .containsPattern("in use       1     3  \\S+ +keep +first\n")
        .containsPattern("waiting      1     1  \\S+ +urgent +second\n");
  }

  @Test
  void continuesAsNewWithAllThatItKnows() {
    mill.startPool(PoolState.undeclared().withSlots(3).withLimits(PERIOD, 12));
    mill.keeper("keeper", 1);
    mill.awaitHeld("keeper", 1);
    String before = mill.runOfPool();
    // One after the other: the in-memory server loses signals that come amid a continue-as-new.
    for (int i = 0; i < 5; i++) {
      mill.porter("porter-" + i, 1, 1, 1).getResult(Integer.class);
      mill.awaitUsed(1);
    }
    mill.keeper("heavy", 3);
    mill.awaitWaiting(1);

    assertThat(mill.runOfPool()).isNotEqualTo(before);
    assertThat(mill.holders()).containsExactly("keeper");
    mill.leave("keeper");
    mill.awaitHeld("heavy", 1);
  }

  @Test
  void aSignalThatMakesNoSenseHarmsNobody() {
    mill.set(1);
    mill.poolStub().signal("request", "give me slots");
    mill.poolStub().signal("request", Map.of("acquire", List.of()));
    mill.poolStub().signal("request");
    mill.poolStub().signal("declare", -3);

    mill.keeper("keeper", 1);

    mill.awaitHeld("keeper", 1);
  }

  @Test
  void aCancelledPoolServesWhatWaitsAndEndsWhenNothingIsInUse() {
    mill.set(1);
    mill.keeper("keeper", 1);
    mill.awaitHeld("keeper", 1);
    mill.keeper("next", 1);
    mill.awaitWaiting(1);
    mill.poolStub().cancel();

    assertThatThrownBy(() -> mill.keeper("late", 1).getResult(String.class))
        .hasStackTraceContaining("Pool 'ramp' refuses: it was cancelled");
    mill.leave("keeper");
    mill.awaitHeld("next", 1);
    mill.leave("next");

    assertThatThrownBy(() -> mill.poolStub().getResult(Void.class))
        .hasCauseInstanceOf(CanceledFailure.class);
    assertThat(mill.pools.report("ramp")).isEmpty();
  }

  @Test
  void anOperatorDescribesAPoolAndDeletesIt() {
    mill.set(3);
    assertThat(mill.pools.describe("ramp", "doors at the ramp").description())
        .isEqualTo("doors at the ramp");
    assertThatThrownBy(() -> mill.pools.describe("ramp", "x".repeat(501)))
        .hasStackTraceContaining("must have at most 500 characters, not 501");
    mill.keeper("keeper", 2);
    mill.awaitHeld("keeper", 1);
    mill.keeper("next", 2);
    mill.awaitWaiting(1);
    assertThat(mill.report())
        .returns(2, PoolReport::used)
        .returns(2, PoolReport::queued)
        .returns(1, PoolReport::open);
    mill.leave("keeper");
    mill.awaitHeld("next", 1);
    mill.leave("next");

    assertThat(mill.pools.delete("ramp")).isPresent();
    assertThatThrownBy(() -> mill.poolStub().getResult(Void.class))
        .hasCauseInstanceOf(CanceledFailure.class);
    assertThat(mill.pools.delete("ramp")).isEmpty();
    assertThatThrownBy(() -> mill.pools.delete(Pools.DEFAULT_POOL))
        .hasMessage("Pool 'default_pool' cannot be deleted; set its slots instead");
  }

  @Test
  void aDagTestHasPoolsToo() {
    try (DagTest dag = DagTest.of(Porter.Impl.class).fake("Carry", args -> 1)) {
      dag.start(new Job(Pools.DEFAULT_POOL, 3, 1, 5));

      assertThat(dag.stub().getResult(Integer.class)).isEqualTo(3);
    }
  }

  @Test
  void storedHistoriesStillReplay() {
    assertThat(HistoryReplay.replayAll(STORED.resolve("pool"), PoolWorkflowImpl.class)).hasSize(1);
    assertThat(HistoryReplay.replayAll(STORED.resolve("porter"), Porter.Impl.class)).hasSize(1);
  }

  @Test
  void newHistoriesReplay(@TempDir Path folder) throws IOException {
    record(folder);

    assertThat(HistoryReplay.replayAll(folder.resolve("pool"), PoolWorkflowImpl.class)).hasSize(1);
    assertThat(HistoryReplay.replayAll(folder.resolve("porter"), Porter.Impl.class)).hasSize(1);
  }

  /** Also how the stored ones were made: {@code record(STORED)}. */
  private void record(Path folder) throws IOException {
    mill.set(1);
    mill.keeper("gone", 1);
    mill.awaitHeld("gone", 1);
    WorkflowStub porter = mill.porter("porter", 3, 1, 5);
    mill.awaitWaiting(3);
    server.getWorkflowClient().newUntypedWorkflowStub("gone").terminate("a test");
    server.sleep(PERIOD.multipliedBy(2));
    porter.getResult(Integer.class);
    write(PoolWorkflow.id("ramp"), folder.resolve("pool/checked.json"));
    write("porter", folder.resolve("porter/waited.json"));
  }

  private void write(String workflowId, Path file) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, server.getWorkflowClient().fetchHistory(workflowId).toJson(true));
  }
}
