package io.millrace.engine.pool;

import io.temporal.activity.LocalActivityOptions;
import io.temporal.common.RetryOptions;
import io.temporal.workflow.ActivityStub;
import io.temporal.workflow.Functions;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a run has to send to one pool. One message is under way at a time, so that a release cannot
 * overtake its request; what comes meanwhile goes together in the next.
 *
 * <p>A message is a local activity: one event in the history, and no step of the run waits for it.
 * It is sent also when the run is being cancelled.
 */
final class PoolOutbox {

  private final String pool;
  private final Holder holder;
  private final Functions.Proc2<String, RuntimeException> undelivered;
  private final ActivityStub calls;
  private final String taskQueue = Workflow.getInfo().getTaskQueue();
  private List<SlotRequest> acquire = new ArrayList<>();
  private List<String> release = new ArrayList<>();
  private boolean sending;

  /**
   * Opens an outbox.
   *
   * @param undelivered takes each request that cannot be sent, and why
   */
  PoolOutbox(String pool, Holder holder, Functions.Proc2<String, RuntimeException> undelivered) {
    this.pool = pool;
    this.holder = holder;
    this.undelivered = undelivered;
    this.calls =
        Workflow.newUntypedLocalActivityStub(
            LocalActivityOptions.newBuilder()
                .setSummary("pool " + pool)
                .setStartToCloseTimeout(Duration.ofSeconds(30))
                .setRetryOptions(
                    RetryOptions.newBuilder()
                        .setInitialInterval(Duration.ofMillis(200))
                        .setMaximumInterval(Duration.ofSeconds(10))
                        .build())
                .setDoNotIncludeArgumentsIntoMarker(true)
                .build());
  }

  void acquire(SlotRequest request) {
    acquire.add(request);
    send();
  }

  void release(String leaseId) {
    if (!acquire.removeIf(request -> request.leaseId().equals(leaseId))) {
      release.add(leaseId);
      send();
    }
  }

  /** Tells whether the pool knows everything. */
  boolean isEmpty() {
    return !sending && acquire.isEmpty() && release.isEmpty();
  }

  private void send() {
    if (sending || isEmpty()) {
      return;
    }
    PoolRequest message = new PoolRequest(holder, release, acquire);
    acquire = new ArrayList<>();
    release = new ArrayList<>();
    sending = true;
    Workflow.newDetachedCancellationScope(
            () ->
                calls
                    .executeAsync("pool_request", Void.class, pool, taskQueue, message)
                    .handle((sent, failure) -> sent(message, failure)))
        .run();
  }

  private @Nullable Void sent(PoolRequest message, @Nullable RuntimeException failure) {
    sending = false;
    if (failure != null) {
      message.acquire().forEach(request -> undelivered.apply(request.leaseId(), failure));
    }
    send();
    return null;
  }
}
