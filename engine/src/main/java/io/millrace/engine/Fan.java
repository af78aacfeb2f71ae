package io.millrace.engine;

import io.temporal.workflow.Promise;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Starts calls so that at most so many are under way, and tells how each ended.
 *
 * @param <V> the type of a call's result
 */
final class Fan<V> {

  private final List<Integer> indexes;
  private final int maxActive;
  private final IntFunction<Promise<V>> start;
  private final Ended<V> ended;
  private int next;
  private int active;
  private boolean stopped;

  /** Takes the end of one call. */
  @FunctionalInterface
  interface Ended<V> {
    void ended(int index, @Nullable V value, @Nullable RuntimeException failure);
  }

  Fan(List<Integer> indexes, int maxActive, IntFunction<Promise<V>> start, Ended<V> ended) {
    this.indexes = indexes;
    this.maxActive = maxActive;
    this.start = start;
    this.ended = ended;
  }

  /** Whether a call may start now. */
  boolean canAdvance() {
    return !stopped && active < maxActive && next < indexes.size();
  }

  /** Starts what may start now. */
  void advance() {
    while (canAdvance()) {
      int index = indexes.get(next++);
      Promise<V> call = start.apply(index);
      active++;
      call.handle(
          (value, failure) -> {
            active--;
            ended.ended(index, value, failure);
            return null;
          });
    }
  }

  /** Starts no more. */
  void stop() {
    stopped = true;
  }

  /** Whether nothing is under way, and nothing will be. */
  boolean isDone() {
    return active == 0 && (stopped || next == indexes.size());
  }
}
