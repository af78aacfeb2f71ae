package io.millrace.engine.pool;

import io.temporal.activity.Activity;
import io.temporal.activity.ActivityCancellationType;
import io.temporal.activity.ActivityInterface;
import io.temporal.activity.ActivityOptions;
import io.temporal.client.ActivityCompletionException;
import io.temporal.common.RetryOptions;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.workflow.ActivityStub;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A run of tasks that all need the same pool. */
@WorkflowInterface
public interface Porter {

  @WorkflowMethod(name = "porter")
  int run(Job job);

  /**
   * What to carry.
   *
   * @param sacks the number of tasks
   * @param slots what each task takes of the pool
   * @param millis how long each task takes
   */
  record Job(String pool, int sacks, int slots, int millis) {}

  /** Carries. */
  final class Impl implements Porter {

    private static final Duration HEARTBEAT = Duration.ofSeconds(1);

    private final RunPools pools = new RunPools();
    private final ActivityStub carrying =
        Workflow.newUntypedActivityStub(
            ActivityOptions.newBuilder()
                .setStartToCloseTimeout(Duration.ofMinutes(1))
                .setHeartbeatTimeout(HEARTBEAT)
                .setCancellationType(ActivityCancellationType.WAIT_CANCELLATION_COMPLETED)
                .setRetryOptions(
                    RetryOptions.newBuilder().setInitialInterval(Duration.ofMillis(100)).build())
                .build());

    @Override
    public int run(Job job) {
      List<Promise<Integer>> carried = new ArrayList<>();
      for (int sack = 0; sack < job.sacks(); sack++) {
        Claim claim =
            Claim.of(job.pool(), job.slots(), "carry[%d]".formatted(sack))
                .withReleaseGracePeriod(HEARTBEAT.multipliedBy(3));
        carried.add(
            pools.during(
                claim,
                () -> carrying.executeAsync("Carry", Integer.class, job.slots(), job.millis())));
      }
      try {
        return carried.stream().mapToInt(Promise::get).sum();
      } catch (CanceledFailure | ActivityFailure e) {
        Workflow.newDetachedCancellationScope(
                () -> Workflow.await(() -> carried.stream().allMatch(Promise::isCompleted)))
            .run();
        throw e;
      } finally {
        pools.close();
      }
    }
  }

  /** What is done with slots. */
  @ActivityInterface
  interface Carrying {
    int carry(int slots, int millis);
  }

  /** Counts how many slots are in use at once, independently of any pool. */
  final class Scales implements Carrying {

    final AtomicInteger load = new AtomicInteger();
    final AtomicInteger heaviest = new AtomicInteger();
    final AtomicInteger carried = new AtomicInteger();

    @Override
    public int carry(int slots, int millis) {
      heaviest.accumulateAndGet(load.addAndGet(slots), Math::max);
      try {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (System.nanoTime() < end) {
          Activity.getExecutionContext().heartbeat(null);
          TimeUnit.MILLISECONDS.sleep(Math.min(50, millis));
        }
        carried.incrementAndGet();
        return 1;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("the worker was shut down", e);
      } catch (ActivityCompletionException e) {
        throw e;
      } finally {
        load.addAndGet(-slots);
      }
    }
  }
}
