package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.SensorLoop.Began;
import io.millrace.engine.SensorLoop.Pace;
import io.millrace.engine.SensorLoop.Watch;
import io.millrace.engine.toys.StandingClock;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.client.WorkflowStub;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.testing.TestWorkflowEnvironment;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A sensor holds slots of its pool while it pokes, and at no other time. */
class SensorLoopTest {

  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration WEEK = Duration.ofDays(7);

  private final TestWorkflowEnvironment server = TestWorkflowEnvironment.newInstance();
  private SensorLoopWorld world;

  @BeforeEach
  void start() {
    world =
        new SensorLoopWorld(StandingClock.client(server.getWorkflowClient()), "sensors", "ramp");
    world.register(server.newWorker("sensors"));
    server.start();
    world.size(1);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void aPoolOfOneLetsAnotherTaskRunWhileTheSensorWaits() {
    WorkflowStub waiting = world.start("waiting", world.watch("landed", HOUR, WEEK));
    world.awaitPokes(1);
    world.awaitIdle();
    world.answer(poke -> BigDecimal.ONE);

    WorkflowStub other = world.start("other", world.watch("there", HOUR, WEEK));

    assertThat(other.getResult(BigDecimal.class)).isEqualTo(SensorLoopWorld.EXACT);
    assertThat(world.pokes).hasValue(2);
    server.sleep(HOUR);
    assertThat(waiting.getResult(BigDecimal.class)).isEqualTo(SensorLoopWorld.EXACT);
    assertThat(world.mostPokesAtOnce).hasValue(1);
    world.awaitIdle();
  }

  @Test
  void theParentHearsOnceThatItHasLeftTheQueue() {
    CountDownLatch gate = world.holdPokes();
    world.start("holder", world.watch("holder", HOUR, WEEK));
    world.awaitPoking();
    WorkflowStub queued = world.start("queued", world.watch("queued", HOUR, WEEK));
    world.awaitWaiting(1);
    assertThat(queued.query("begun", Began[].class)).isEmpty();

    gate.countDown();
    world.awaitPokes(2);
    server.sleep(HOUR.plusMinutes(1));
    world.awaitPokes(4);

    assertThat(queued.query("begun", Began[].class)).containsExactly(new Began("queued", 7));
    assertThat(world.mostPokesAtOnce).hasValue(1);
  }

  @Test
  void itFailsWithWhatTheLastPokeSaidWhenTimeIsOut() {
    // The limit holds over a continue-as-new.
    Watch watch = world.watch("landed", HOUR, Duration.ofMinutes(150)).withMaxEvents(20);
    WorkflowStub run = world.start("late", watch);
    world.awaitPokes(1);

    server.sleep(Duration.ofMinutes(149));
    world.awaitPokes(3);
    world.awaitIdle();
    server.sleep(Duration.ofMinutes(2));

    assertFails(run, NotReady.TYPE, "nothing there");
    assertThat(world.pokes).hasValue(3);
  }

  @Test
  void otherFailuresAreTriedAgainAndNamed() {
    world.answer(
        poke -> {
          throw new IllegalStateException("no route to host");
        });
    WorkflowStub run = world.start("broken", world.watch("landed", HOUR, Duration.ofMinutes(90)));
    world.awaitPokes(1);

    server.sleep(Duration.ofMinutes(91));

    assertFails(run, IllegalStateException.class.getName(), "no route to host");
    assertThat(world.pokes).hasValue(2);
  }

  @Test
  void whatNoRetryChangesEndsItAtOnceAndASkipPasses() {
    world.answer(
        poke -> {
          throw poke == 1
              ? ApplicationFailure.newNonRetryableFailure("no such bucket", "Broken")
              : TaskSkipped.because("holiday");
        });

    assertFails(
        world.start("broken", world.watch("broken", HOUR, WEEK)), "Broken", "no such bucket");
    assertFails(
        world.start("skipped", world.watch("skipped", HOUR, WEEK)), TaskSkipped.TYPE, "holiday");
    world.awaitIdle();
  }

  @Test
  void itGoesOnAsNewBeforeItsHistoryIsLong() {
    world.answer(
        poke -> {
          if (poke < 12) {
            throw SensorLoopWorld.missing();
          }
          return null;
        });
    Watch watch = world.watch("landed", Duration.ofMinutes(10), WEEK).withMaxEvents(40);
    WorkflowStub run = world.start("long", watch);
    String child = "long/landed";
    world.awaitPokes(1);
    String first = runOf(child);
    for (int poke = 2; poke <= 12; poke++) {
      world.awaitIdle();
      server.sleep(Duration.ofMinutes(10));
      world.awaitPokes(poke);
    }

    assertThat(run.getResult(BigDecimal.class)).isNull();
    assertThat(runOf(child)).isNotEqualTo(first);
    assertThat(world.pokes).hasValue(12);
    assertThat(run.query("begun", Began[].class)).hasSize(1);
    world.awaitIdle();
  }

  @Test
  void theWaitDoublesUpToTheLongest() {
    Pace pace = new Pace(Duration.ofMinutes(1), Duration.ofMinutes(3), HOUR);

    assertThat(pace.after(Duration.ofMinutes(1))).isEqualTo(Duration.ofMinutes(2));
    assertThat(pace.after(Duration.ofMinutes(2))).isEqualTo(Duration.ofMinutes(3));
    assertThatThrownBy(() -> new Pace(HOUR, Duration.ofMinutes(1), WEEK))
        .hasMessageContaining("back off to its interval or more, not PT1H to PT1M");
  }

  /** Where a cancel finds the sensor. */
  enum Phase {
    FIRST_SLOT,
    POKE,
    PAUSE,
    LATER_SLOT
  }

  @ParameterizedTest
  @EnumSource(Phase.class)
  void aCancelGivesAllSlotsBack(Phase phase) {
    WorkflowStub run = bring(phase);

    run.cancel();
    if (phase == Phase.POKE) {
      awaitCancelOfPoke("run/landed");
      world.endPokes(); // it does not heartbeat, so it hears nothing and is waited for
    }

    assertThatThrownBy(() -> run.getResult(BigDecimal.class))
        .hasRootCauseInstanceOf(CanceledFailure.class);
    world.awaitIdle();
  }

  private WorkflowStub bring(Phase phase) {
    switch (phase) {
      case FIRST_SLOT -> {
        world.size(0);
        WorkflowStub run = world.start("run", world.watch("landed", HOUR, WEEK));
        world.awaitWaiting(1);
        return run;
      }
      case POKE -> {
        CountDownLatch unused = world.holdPokes();
        WorkflowStub run = world.start("run", world.watch("landed", HOUR, WEEK));
        world.awaitPoking();
        return run;
      }
      case PAUSE -> {
        WorkflowStub run = world.start("run", world.watch("landed", HOUR, WEEK));
        world.awaitPokes(1);
        world.awaitIdle();
        return run;
      }
      case LATER_SLOT -> {
        WorkflowStub run = world.start("run", world.watch("landed", HOUR, WEEK));
        world.awaitPokes(1);
        world.awaitIdle();
        world.size(0);
        server.sleep(HOUR);
        world.awaitWaiting(1);
        return run;
      }
      default -> throw new AssertionError(phase);
    }
  }

  private void awaitCancelOfPoke(String workflowId) {
    Awaitility.await()
        .until(
            () ->
                server.getWorkflowClient().fetchHistory(workflowId).getEvents().stream()
                    .anyMatch(HistoryEvent::hasActivityTaskCancelRequestedEventAttributes));
  }

  private String runOf(String workflowId) {
    return server
        .getWorkflowClient()
        .newUntypedWorkflowStub(workflowId)
        .describe()
        .getExecution()
        .getRunId();
  }

  private static void assertFails(WorkflowStub run, String type, String reason) {
    assertThatThrownBy(() -> run.getResult(BigDecimal.class))
        .rootCause()
        .isInstanceOfSatisfying(
            ApplicationFailure.class,
            failure -> {
              assertThat(failure.getType()).isEqualTo(type);
              assertThat(failure.getOriginalMessage()).isEqualTo(reason);
            });
  }
}
