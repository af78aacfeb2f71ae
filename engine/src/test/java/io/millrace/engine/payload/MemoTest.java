package io.millrace.engine.payload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.CheckReport;
import io.millrace.engine.DagRuns;
import io.millrace.engine.DagWorkers;
import io.millrace.engine.Policy;
import io.millrace.engine.RunReport;
import io.millrace.engine.toys.AnyDag;
import io.millrace.testing.Waiting;
import io.temporal.activity.ActivityInterface;
import io.temporal.activity.ActivityOptions;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowOptions;
import io.temporal.common.RetryOptions;
import io.temporal.failure.ApplicationFailure;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactoryOptions;
import io.temporal.workflow.ActivityStub;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MemoTest {

  private static final Duration HOUR = Duration.ofHours(1);
  private static final EncryptionKeys KEYS = new EncryptionKeys("k", Map.of("k", new byte[32]));

  private final MemoryBlobStore store = new MemoryBlobStore();
  private final SetClock clock = new SetClock();
  private final Mill mill = new Mill();
  private TestWorkflowEnvironment server;

  @BeforeEach
  void start() {
    MemoStore memos = new MemoStore(store, PayloadOptions.DEFAULT, clock);
    server =
        TestWorkflowEnvironment.newInstance(
            TestEnvironmentOptions.newBuilder()
                .setWorkflowClientOptions(
                    WorkflowClientOptions.newBuilder()
                        .setDataConverter(
                            DagPayloads.converter(store, PayloadOptions.DEFAULT.withKeys(KEYS)))
                        .build())
                .setWorkerFactoryOptions(
                    WorkerFactoryOptions.newBuilder()
                        .setWorkerInterceptors(new MemoInterceptor(memos))
                        .build())
                .build());
    Worker worker = server.newWorker("memo");
    worker.registerWorkflowImplementationTypes(OneCallImpl.class);
    DagWorkers.register(worker, AnyDag.Impl.class);
    worker.registerActivitiesImplementations(mill);
    server.start();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  /** One activity, called once. */
  @WorkflowInterface
  public interface OneCall {
    @WorkflowMethod
    String run(String activity, Sack sack, String memoKey);
  }

  /** Calls it. */
  public static final class OneCallImpl implements OneCall {
    @Override
    public String run(String activity, Sack sack, String memoKey) {
      ActivityStub stub =
          Workflow.newUntypedActivityStub(
              ActivityOptions.newBuilder()
                  .setStartToCloseTimeout(HOUR)
                  .setRetryOptions(RetryOptions.newBuilder().setMaximumAttempts(1).build())
                  .build());
      Memo memo = memoKey.isEmpty() ? null : new Memo(memoKey, HOUR);
      return Memo.during(memo, () -> stub.executeAsync(activity, Object.class, sack))
          .get()
          .toString();
    }
  }

  /** An input with a map, whose order must not matter. */
  public record Sack(String grain, Map<String, Integer> marks) {}

  /** A check that does not pass. */
  public record Verdict(boolean passed) implements CheckReport {
    @Override
    public String explain() {
      return "too coarse";
    }
  }

  /** What can be memoised, and what not. */
  @ActivityInterface
  public interface MillActivities {
    Map<String, Object> grind(Sack sack);

    String crush(Sack sack);

    Verdict check(Sack sack);
  }

  private static final class Mill implements MillActivities {
    private final AtomicInteger calls = new AtomicInteger();

    @Override
    public Map<String, Object> grind(Sack sack) {
      return Map.of("flour", sack.grain(), "call", calls.incrementAndGet());
    }

    @Override
    public String crush(Sack sack) {
      calls.incrementAndGet();
      throw ApplicationFailure.newNonRetryableFailure("The stone broke", "Broken");
    }

    @Override
    public Verdict check(Sack sack) {
      calls.incrementAndGet();
      return new Verdict(false);
    }
  }

  /** Through the policy, for a task and for each item. */
  @Test
  void aDagsTasksAreKeptByTheirPolicy() throws TimeoutException {
    AnyDag.redefine(
        dag -> {
          dag.defaults(Policy.DEFAULT.withMemo("v1", HOUR));
          dag.task("one", MillActivities.class, mill -> mill.grind(sack("rye")));
          dag.map(
              "many",
              List.of("rye", "oats"),
              MillActivities.class,
              (mill, grain) -> mill.grind(sack(grain)));
        });
    DagRuns runs = new DagRuns(server.getWorkflowClient(), "memo");

    for (int run = 0; run < 2; run++) {
      assertThat(runs.await(runs.trigger("any", null), Waiting.LIMIT).state())
          .isEqualTo(RunReport.RunState.SUCCESS);
    }

    assertThat(mill.calls.get()).isBetween(2, 3); // rye may be ground twice at the same time
  }

  @Test
  void aSecondRunDoesNotCallTheActivity() {
    String first = call("Grind", sack("rye"), "v1");
    String second = call("Grind", sack("rye"), "v1");

    assertThat(second).isEqualTo(first);
    assertThat(mill.calls).hasValue(1);
  }

  @Test
  void anotherInputKeyOrActivityAndNoMemoDo() {
    List<String> results =
        List.of(
            call("Grind", sack("rye"), "v1"),
            call("Grind", sack("wheat"), "v1"),
            call("Grind", sack("rye"), "v2"),
            call("Grind", sack("rye"), ""),
            call("Check", sack("rye"), "v1"));

    assertThat(results).doesNotHaveDuplicates();
    assertThat(mill.calls).hasValue(5);
  }

  @Test
  void expires() {
    call("Grind", sack("rye"), "v1");
    clock.now = clock.now.plus(HOUR).minusMillis(1);
    call("Grind", sack("rye"), "v1");
    assertThat(mill.calls).hasValue(1);

    clock.now = clock.now.plusMillis(1);
    call("Grind", sack("rye"), "v1");
    assertThat(mill.calls).hasValue(2);

    call("Grind", sack("rye"), "v1");
    assertThat(mill.calls).hasValue(2);
  }

  @Test
  void neitherAFailureNorACheckThatDidNotPassIsKept() {
    assertThatThrownBy(() -> call("Crush", sack("rye"), "v1"))
        .isInstanceOf(WorkflowFailedException.class);
    assertThatThrownBy(() -> call("Crush", sack("rye"), "v1"))
        .isInstanceOf(WorkflowFailedException.class);
    call("Check", sack("rye"), "v1");
    call("Check", sack("rye"), "v1");

    assertThat(mill.calls).hasValue(4);
    assertThat(store.blobs()).isEmpty();
  }

  @Test
  void aDamagedOneIsMadeAnew() {
    call("Grind", sack("rye"), "v1");
    store.damageAll(
        bytes -> {
          bytes[bytes.length - 1]++;
          return bytes;
        });

    call("Grind", sack("rye"), "v1");
    call("Grind", sack("rye"), "v1");

    assertThat(mill.calls).hasValue(2);
  }

  @Test
  void theActivityRunsWhileTheStoreIsDown() {
    store.down(true);

    call("Grind", sack("rye"), "v1");
    call("Grind", sack("rye"), "v1");

    assertThat(mill.calls).hasValue(2);
  }

  private static Sack sack(String grain) {
    return new Sack(grain, Map.of("year", 2026));
  }

  private String call(String activity, Sack sack, String memoKey) {
    return server
        .getWorkflowClient()
        .newWorkflowStub(OneCall.class, WorkflowOptions.newBuilder().setTaskQueue("memo").build())
        .run(activity, sack, memoKey);
  }

  private static final class SetClock extends Clock {
    private volatile Instant now = Instant.parse("2026-11-21T12:00:00Z");

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return now;
    }
  }
}
