package io.millrace.engine.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowStub;
import io.temporal.failure.CanceledFailure;
import io.temporal.testing.TestWorkflowEnvironment;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of slots when something happens to the run that has them. */
class PoolHolderTest {

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
  void theCheckFreesTheSlotsOfATerminatedRunAndKeepsThoseOfAnOpenOne() {
    mill.set(2);
    WorkflowStub gone = mill.keeper("gone", 1);
    mill.awaitHeld("gone", 1);
    mill.keeper("there", 1);
    mill.awaitHeld("there", 1);
    mill.keeper("next", 1);
    mill.awaitWaiting(1);
    gone.terminate("a test");

    server.sleep(PERIOD.plusSeconds(1));

    mill.awaitHeld("next", 1);
    server.sleep(PERIOD.multipliedBy(10));
    assertThat(mill.held("there")).isEqualTo(1);
    assertThat(mill.holders()).containsExactly("there", "next");
  }

  @Test
  void keepsTheSlotsOfATerminatedRunAsLongAsItsTaskMayGoOn() {
    mill.set(1);
    Duration linger = PERIOD.multipliedBy(3);
    WorkflowStub gone =
        mill.keeper("gone", Claim.of("ramp", 1, "keep").withReleaseGracePeriod(linger));
    mill.awaitHeld("gone", 1);
    mill.keeper("next", 1);
    mill.awaitWaiting(1);
    gone.terminate("a test");

    server.sleep(PERIOD.multipliedBy(2));
    assertThat(mill.holders()).containsExactly("gone");

    server.sleep(PERIOD.multipliedBy(2));
    mill.awaitHeld("next", 1);
  }

  @Test
  void aTerminatedRunThatWaitedStandsInNobodysWay() {
    mill.set(2);
    mill.keeper("first", 1);
    mill.awaitHeld("first", 1);
    WorkflowStub heavy = mill.keeper("heavy", 2);
    mill.awaitWaiting(1);
    mill.keeper("light", 1);
    mill.awaitWaiting(2);
    heavy.terminate("a test");

    server.sleep(PERIOD.plusSeconds(1));

    mill.awaitHeld("light", 1);
    assertThat(mill.held("first")).isEqualTo(1);
  }

  @Test
  void aCancelledRunGivesBackWhatItHasAndWithdrawsWhatItWaitsFor() {
    mill.set(1);
    WorkflowStub holding = mill.keeper("holding", 1);
    mill.awaitHeld("holding", 1);
    WorkflowStub waiting = mill.porter("waiting", 3, 1, 5);
    mill.awaitWaiting(3);

    waiting.cancel();
    assertThatThrownBy(() -> waiting.getResult(Integer.class))
        .hasCauseInstanceOf(CanceledFailure.class);
    assertThat(mill.report().waiting()).isZero();

    holding.cancel();
    assertThatThrownBy(() -> holding.getResult(String.class))
        .hasCauseInstanceOf(CanceledFailure.class);
    mill.awaitIdle();
    assertThat(mill.scales.carried).hasValue(0);
  }

  @Test
  void cancelReachesTheTaskThatHasItsSlots() {
    mill.set(1);
    WorkflowStub porter = mill.porter("porter", 2, 1, 600_000);
    Awaitility.await().until(() -> mill.scales.load.get() == 1);

    porter.cancel();

    assertThatThrownBy(() -> porter.getResult(Integer.class))
        .isInstanceOf(WorkflowFailedException.class);
    assertThat(mill.scales.load).hasValue(0);
    assertThat(mill.scales.carried).hasValue(0);
    mill.awaitIdle();
  }

  @Test
  void oneThatContinuesAsNewKeepsWhatItCarries() {
    mill.set(1);
    WorkflowStub keeper = mill.keeper("keeper", 1);
    mill.awaitHeld("keeper", 1);
    keeper.signal("moveOn", true);

    server.sleep(PERIOD.multipliedBy(3));

    mill.awaitHeld("keeper", 1);
    assertThat(mill.holders()).containsExactly("keeper");
    mill.leave("keeper");
    mill.awaitIdle();
  }

  @Test
  void oneThatContinuesAsNewAndForgetsItsLeaseGivesItBackWhenItIsTold() {
    mill.set(1);
    WorkflowStub keeper = mill.keeper("keeper", 1);
    mill.awaitHeld("keeper", 1);
    keeper.signal("moveOn", false);

    server.sleep(PERIOD.plusSeconds(1));

    mill.awaitIdle();
  }

  @Test
  void aRunGivesBackWhatItDidNotAskFor() {
    mill.set(2);
    WorkflowStub keeper = mill.keeper("keeper", 1);
    mill.awaitHeld("keeper", 1);
    String run = keeper.getExecution().getRunId();
    SlotRequest stray = new SlotRequest("stray", "stray", 1, 3, Duration.ZERO);

    mill.poolStub()
        .signal(
            PoolWorkflow.REQUEST,
            new PoolRequest(new Holder("keeper", run, run), List.of(), List.of(stray)));

    // Had the stray kept its slot, this one would wait.
    mill.keeper("next", 1);
    mill.awaitHeld("next", 1);
    assertThat(mill.held("keeper")).isEqualTo(1);
  }
}
