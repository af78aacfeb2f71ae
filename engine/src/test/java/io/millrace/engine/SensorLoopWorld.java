package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.SensorLoop.Pace;
import io.millrace.engine.SensorLoop.Watch;
import io.millrace.engine.pool.Claim;
import io.millrace.engine.pool.PoolReport;
import io.millrace.engine.pool.Pools;
import io.millrace.engine.toys.RealServer;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.failure.ApplicationFailure;
import io.temporal.worker.Worker;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** Sensors with one pool, on any server. */
final class SensorLoopWorld implements SensorParent.Landing {

  /** More digits than a double has. */
  static final BigDecimal EXACT = new BigDecimal("1234567890.12345678901234567890");

  final AtomicInteger pokes = new AtomicInteger();
  final AtomicInteger pokesNow = new AtomicInteger();
  final AtomicInteger mostPokesAtOnce = new AtomicInteger();
  private final WorkflowClient client;
  private final String queue;
  private final String pool;
  private final Pools pools;
  private volatile IntFunction<@Nullable BigDecimal> answer =
      poke -> {
        throw missing();
      };
  private volatile CountDownLatch gate = new CountDownLatch(0);

  SensorLoopWorld(WorkflowClient client, String queue, String pool) {
    this.client = client;
    this.queue = queue;
    this.pool = pool;
    this.pools = new Pools(client, queue);
  }

  void register(Worker worker) {
    DagWorkers.register(worker, SensorParent.Impl.class);
    worker.registerActivitiesImplementations(this);
  }

  /** Sets the size of the pool; its first workflow task may take its time on a busy machine. */
  void size(int slots) {
    Awaitility.await()
        .ignoreExceptions()
        .until(() -> pools.set(pool, slots), report -> report.slots() == slots);
  }

  /** What each poke, counted from 1, answers. */
  void answer(IntFunction<@Nullable BigDecimal> next) {
    answer = next;
  }

  static ApplicationFailure missing() {
    return NotReady.because("nothing there");
  }

  /** Pokes do not end until the latch is down. */
  CountDownLatch holdPokes() {
    gate = new CountDownLatch(1);
    return gate;
  }

  /** Lets pokes end that were held. */
  void endPokes() {
    gate.countDown();
  }

  @Override
  public @Nullable BigDecimal look(BigDecimal wanted, String where) {
    mostPokesAtOnce.accumulateAndGet(pokesNow.incrementAndGet(), Math::max);
    try {
      int poke = pokes.incrementAndGet();
      gate.await();
      BigDecimal found = answer.apply(poke);
      return found == null ? null : wanted;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the worker was shut down", e);
    } finally {
      pokesNow.decrementAndGet();
    }
  }

  Watch watch(String task, Duration interval, Duration limit) {
    RecordedCall call =
        new RecordedCall(
            RecordedCall.Kind.ACTIVITY,
            "Look",
            BigDecimal.class,
            BigDecimal.class,
            List.of(EXACT, "s3://lake"));
    return Watch.of(
        "any",
        task,
        7,
        call,
        RealServer.mortal(Policy.DEFAULT),
        Policy.MIDDLE,
        Claim.of(pool, 1, task),
        new Pace(interval, interval, limit));
  }

  WorkflowStub start(String id, Watch watch) {
    WorkflowStub run =
        client.newUntypedWorkflowStub(
            "sensor_parent",
            WorkflowOptions.newBuilder().setTaskQueue(queue).setWorkflowId(id).build());
    run.start(watch);
    return run;
  }

  PoolReport report() {
    return pools.report(pool).orElseThrow();
  }

  void awaitIdle() {
    Awaitility.await()
        .ignoreExceptions()
        .untilAsserted(
            () ->
                assertThat(report()).returns(0, PoolReport::used).returns(0, PoolReport::waiting));
  }

  void awaitUsed() {
    Awaitility.await().ignoreExceptions().until(() -> report().used() == 1);
  }

  void awaitWaiting(int count) {
    Awaitility.await().ignoreExceptions().until(() -> report().waiting() == count);
  }

  void awaitPokes(int count) {
    Awaitility.await().until(() -> pokes.get() >= count && pokesNow.get() == 0);
  }

  void awaitPoking() {
    Awaitility.await().until(() -> pokesNow.get() == 1);
  }
}
