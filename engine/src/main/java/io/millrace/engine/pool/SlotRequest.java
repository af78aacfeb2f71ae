package io.millrace.engine.pool;

import java.time.Duration;
import java.util.Objects;

/**
 * One request for slots, as the pool sees it.
 *
 * @param leaseId names it for ever: the same again is the same request
 * @param task what it is for
 * @param slots how many slots, 1 or more
 * @param priority 1 (first) to 5 (last)
 * @param linger how long the task may go on after its run has been closed
 */
public record SlotRequest(String leaseId, String task, int slots, int priority, Duration linger) {

  public SlotRequest {
    Objects.requireNonNull(leaseId, "leaseId");
    Objects.requireNonNull(task, "task");
    Objects.requireNonNull(linger, "linger");
  }
}
