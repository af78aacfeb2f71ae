package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.engine.testing.DagTest;
import io.millrace.engine.toys.AnyDag;
import io.millrace.testing.Waiting;
import io.temporal.activity.Activity;
import io.temporal.activity.DynamicActivity;
import io.temporal.common.RetryOptions;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactoryOptions;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetryJitterTest {

  private static final RetryOptions RETRY =
      RetryOptions.newBuilder()
          .setInitialInterval(Duration.ofSeconds(1))
          .setBackoffCoefficient(2)
          .setMaximumInterval(Duration.ofSeconds(60))
          .build();

  @Property
  void shortensTheWaitByAtMostAFifth(
      @ForAll String task, @ForAll @IntRange(min = 1, max = 50) int attempt) {
    double full = Math.min(60_000, 1_000 * Math.pow(2, attempt - 1.0));

    assertThat((double) RetryJitter.shortened(RETRY, task, attempt).toMillis())
        .isBetween(full * 0.8 - 1, full + 1);
  }

  @Test
  void spreadsTasksAndIsTheSameForTheSameTry() {
    assertThat(
            java.util.stream.IntStream.range(0, 100)
                .mapToObj(i -> RetryJitter.shortened(RETRY, "t" + i, 3))
                .distinct())
        .hasSizeGreaterThan(50);
    assertThat(RetryJitter.shortened(RETRY, "t", 3))
        .isEqualTo(RetryJitter.shortened(RETRY, "t", 3));
  }

  @Property
  void goesOnForAsLongAsItWasAskedTo(
      @ForAll @IntRange(min = 1, max = 3_000) int least,
      @ForAll @IntRange(min = 1, max = 90) int firstDelay) {
    Policy policy =
        Policy.DEFAULT.withRetriesFor(Duration.ofSeconds(least), Duration.ofSeconds(firstDelay));
    Policy.Retry retry = policy.retry();
    Policy.Retry oneLess = policy.withRetries(retry.retries() - 1, retry.delay()).retry();

    assertThat(shortestWait(retry)).isGreaterThanOrEqualTo(least);
    assertThat(shortestWait(oneLess)).isLessThan(least);
    assertThat((double) retry.span().toMillis() / 1_000)
        .isCloseTo(shortestWait(retry), within(0.001));
  }

  /** In seconds: every wait doubles the one before up to the longest, and may lose a fifth. */
  private static double shortestWait(Policy.Retry retry) {
    double sum = 0;
    for (int i = 0; i < retry.retries(); i++) {
      sum +=
          Math.min(
              (double) retry.maxDelay().toSeconds(),
              (double) retry.delay().toSeconds() * Math.pow(2, i));
    }
    return sum * 0.8;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "java.io.FileNotFoundException",
        "java.io.IOException",
        "java.lang.Exception",
        "java.lang.Throwable",
        "java.io.Serializable"
      })
  void noRetryOfAnExceptionWhoseClassOrSuperclassIsNamed(String never) throws TimeoutException {
    for (boolean local : new boolean[] {false, true}) {
      assertThat(tries(never, local, Activity.wrap(new FileNotFoundException("gone"))))
          .as("local: %s", local)
          .isOne();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"java.lang.RuntimeException", "java.lang.Error", "IOException"})
  void othersAreRetried(String never) throws TimeoutException {
    assertThat(tries(never, false, Activity.wrap(new FileNotFoundException("gone")))).isEqualTo(3);
  }

  @Test
  void fakesInATestOfADagCountAsTheExceptionsThatTheyThrow() {
    AtomicInteger tries = new AtomicInteger();
    try (DagTest test =
        AnyDag.of(
            dag ->
                dag.task("read", AnyDag.Work.class, AnyDag.Work::act)
                    .policy(Policy.DEFAULT.withoutRetryOf("java.io.IOException")))) {
      test.fake(
          "read",
          args -> {
            tries.incrementAndGet();
            throw new FileNotFoundException("gone");
          });
      assertThat(test.run(null).task("read").detail()).isEqualTo("FileNotFoundException: gone");
    }
    assertThat(tries).hasValue(1);
  }

  /** As in Airflow the exception that is raised counts, and not what it was raised for. */
  @Test
  void theCauseDoesNotCount() throws TimeoutException {
    assertThat(
            tries(
                "java.io.IOException",
                false,
                new IllegalStateException(new FileNotFoundException("gone"))))
        .isEqualTo(3);
  }

  private static int tries(String never, boolean local, RuntimeException failure)
      throws TimeoutException {
    Policy policy =
        Policy.DEFAULT.withRetries(2, Duration.ofMillis(10)).withoutRetryOf(never, never);
    AnyDag.redefine(
        dag ->
            dag.task("read", AnyDag.Work.class, AnyDag.Work::act)
                .policy(local ? policy.local() : policy));
    AtomicInteger tries = new AtomicInteger();
    try (TestWorkflowEnvironment server =
        TestWorkflowEnvironment.newInstance(
            TestEnvironmentOptions.newBuilder()
                .setWorkerFactoryOptions(
                    WorkerFactoryOptions.newBuilder()
                        .setWorkerInterceptors(new NoRetry(), new RetryJitter())
                        .build())
                .build())) {
      Worker worker = server.newWorker("q");
      DagWorkers.register(worker, AnyDag.Impl.class);
      worker.registerActivitiesImplementations(
          (DynamicActivity)
              args -> {
                tries.incrementAndGet();
                throw failure;
              });
      server.start();
      DagRuns runs = new DagRuns(server.getWorkflowClient(), "q");
      runs.await(runs.trigger("any", null), Waiting.LIMIT);
    }
    return tries.get();
  }

  /** A checked exception comes wrapped; the policy's types, and people, know it by its own name. */
  @Test
  void leavesAFailureItsTypeAndMessage() throws TimeoutException {
    AnyDag.redefine(
        dag ->
            dag.task("read", AnyDag.Work.class, AnyDag.Work::act)
                .policy(Policy.DEFAULT.withoutRetryOf(IOException.class.getName())));
    AtomicInteger tries = new AtomicInteger();
    try (TestWorkflowEnvironment server =
        TestWorkflowEnvironment.newInstance(
            TestEnvironmentOptions.newBuilder()
                .setWorkerFactoryOptions(
                    WorkerFactoryOptions.newBuilder()
                        .setWorkerInterceptors(new RetryJitter())
                        .build())
                .build())) {
      Worker worker = server.newWorker("q");
      DagWorkers.register(worker, AnyDag.Impl.class);
      worker.registerActivitiesImplementations(
          (DynamicActivity)
              args -> {
                tries.incrementAndGet();
                throw Activity.wrap(new IOException("the disk is gone"));
              });
      server.start();
      DagRuns runs = new DagRuns(server.getWorkflowClient(), "q");

      RunReport report = runs.await(runs.trigger("any", null), Waiting.LIMIT);

      assertThat(report.task("read").detail()).isEqualTo("java.io.IOException: the disk is gone");
      assertThat(tries).hasValue(1);
    }
  }
}
