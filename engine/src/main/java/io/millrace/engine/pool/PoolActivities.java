package io.millrace.engine.pool;

import io.temporal.activity.ActivityInterface;
import io.temporal.activity.ActivityMethod;
import java.util.List;

/**
 * What pools and runs ask of the server.
 *
 * <p>They run as local activities: one event each, in the worker that runs the workflow. A worker
 * that dies amid one lets it be repeated, after other events perhaps, so none may tell anybody what
 * has not been recorded yet: a request may be repeated, a grant may not be taken back.
 */
@ActivityInterface
public interface PoolActivities {

  /**
   * Tells a pool something, and starts it if it does not run.
   *
   * @param taskQueue the queue on which it is started
   */
  @ActivityMethod(name = "pool_request")
  void request(String pool, String taskQueue, PoolRequest request);

  /** Asks the server which holders are still open. */
  @ActivityMethod(name = "pool_check")
  List<HolderState> check(List<Holder> holders);
}
