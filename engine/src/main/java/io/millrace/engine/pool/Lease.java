package io.millrace.engine.pool;

import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.workflow.CompletablePromise;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;

/** A run's hold on some slots of a pool: asked for, then granted or refused, then given back. */
public final class Lease {

  private final RunPools pools;
  private final String id;
  private final String pool;
  private final CompletablePromise<Void> granted = Workflow.newPromise();

  Lease(RunPools pools, String id, String pool) {
    this.pools = pools;
    this.id = id;
    this.pool = pool;
  }

  String id() {
    return id;
  }

  /** The pool's name. */
  public String pool() {
    return pool;
  }

  /**
   * Completes once the slots are this run's.
   *
   * <p>It fails with an {@link ApplicationFailure} of type {@link RunPools#REFUSED} if the pool can
   * never grant them, and with a {@link CanceledFailure} if the scope that asked is cancelled first
   * or the request is withdrawn; then there is nothing to give back.
   */
  public Promise<Void> granted() {
    return granted;
  }

  /** Tells whether the slots are this run's. */
  public boolean isGranted() {
    return granted.isCompleted() && granted.getFailure() == null;
  }

  /** Gives the slots back, or withdraws the request; again does no harm. */
  public void release() {
    pools.release(this);
    if (!granted.isCompleted()) {
      granted.completeExceptionally(
          new CanceledFailure("no longer waiting for pool '%s'".formatted(pool)));
    }
  }

  void grant() {
    if (!granted.isCompleted()) {
      granted.complete(null);
    }
  }

  void refuse(RuntimeException why) {
    if (!granted.isCompleted()) {
      granted.completeExceptionally(why);
    }
  }
}
