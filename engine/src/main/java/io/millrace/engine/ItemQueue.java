package io.millrace.engine;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Executes items so that at most so many are under way, and never one of them twice at once.
 *
 * @param <R> the type of one result
 */
final class ItemQueue<R> implements MapWork {

  private final Deque<Integer> waiting;
  private final Map<Integer, Execution> running = new TreeMap<>();
  private final Set<Integer> unwanted = new TreeSet<>();
  private final Set<Integer> again = new TreeSet<>();
  private final int maxActive;
  private final Start<R> start;
  private final Ended<R> ended;
  private boolean stopped;

  /** Starts the execution of one item. */
  @FunctionalInterface
  interface Start<R> {
    Execution start(int index, Execution.Ended<R> ended);
  }

  /** Takes the end of an item that was neither dropped nor is done again. */
  @FunctionalInterface
  interface Ended<R> {
    void ended(int index, @Nullable R value, @Nullable RuntimeException failure);
  }

  ItemQueue(Collection<Integer> open, int maxActive, Start<R> start, Ended<R> ended) {
    this.waiting = new ArrayDeque<>(open);
    this.maxActive = maxActive;
    this.start = start;
    this.ended = ended;
  }

  @Override
  public boolean canAdvance() {
    return !stopped && running.size() < maxActive && !waiting.isEmpty();
  }

  @Override
  public void advance(BooleanSupplier admits) {
    while (canAdvance() && admits.getAsBoolean()) {
      int index = waiting.remove();
      boolean[] over = new boolean[1];
      Execution execution =
          start.start(
              index,
              (value, failure) -> {
                over[0] = true;
                executionEnded(index, value, failure);
              });
      if (!over[0]) {
        running.put(index, execution);
      }
    }
  }

  private void executionEnded(int index, @Nullable R value, @Nullable RuntimeException failure) {
    running.remove(index);
    boolean dropped = unwanted.remove(index);
    if (again.remove(index)) {
      waiting.add(index);
    } else if (!dropped) {
      ended.ended(index, value, failure);
    }
  }

  @Override
  public void again(int index) {
    Execution execution = running.get(index);
    if (execution != null) {
      again.add(index);
      execution.cancel("cleared");
    } else if (!waiting.contains(index)) {
      waiting.add(index);
    }
  }

  @Override
  public void drop(int index) {
    waiting.remove((Object) index);
    again.remove(index);
    Execution execution = running.get(index);
    if (execution != null) {
      unwanted.add(index);
      execution.cancel("marked");
    }
  }

  /** Those that have not been started, and are not under way. */
  Collection<Integer> waiting() {
    return waiting;
  }

  @Override
  public void stop() {
    stopped = true;
  }

  @Override
  public boolean isDone() {
    return running.isEmpty() && (stopped || waiting.isEmpty());
  }
}
