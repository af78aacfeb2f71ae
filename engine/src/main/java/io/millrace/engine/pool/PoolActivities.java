package io.millrace.engine.pool;

import io.temporal.activity.ActivityInterface;
import io.temporal.activity.ActivityMethod;
import java.util.List;

/**
 * How pools and runs reach each other through the server.
 *
 * <p>They run as local activities: one event each, in the worker that runs the workflow. All can be
 * repeated without harm.
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

  /**
   * Tells holders what a pool answers.
   *
   * @return the workflow ids of those that cannot be told
   */
  @ActivityMethod(name = "pool_answer")
  List<String> answer(String pool, List<HolderAnswers> answers);

  /** Asks the server which holders are still open. */
  @ActivityMethod(name = "pool_check")
  List<HolderState> check(List<Holder> holders);
}
