package io.millrace.serving.models;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Refreshes several models at a time, each on one thread at a time. */
final class Loaders implements AutoCloseable {
  static final int THREADS = 4;

  private final Consumer<String> refresh;
  private final AtomicInteger number = new AtomicInteger();
  private final ExecutorService threads =
      Executors.newFixedThreadPool(
          THREADS,
          work -> {
            Thread made = new Thread(work, "model-loader-" + number.incrementAndGet());
            made.setDaemon(true);
            return made;
          });

  /** The models that are in work or wait for it, and whether each is to be done once more. */
  private final Map<String, Boolean> busy = new HashMap<>();

  /**
   * Makes the threads.
   *
   * @param refresh brings one model up to date; must not throw
   */
  Loaders(Consumer<String> refresh) {
    this.refresh = refresh;
  }

  /** Has a model refreshed, unless that is about to happen or happening. */
  void submit(String model) {
    submit(model, false);
  }

  /** The same; one that is being refreshed has its turn again, because it changed meanwhile. */
  void again(String model) {
    submit(model, true);
  }

  private synchronized void submit(String model, boolean again) {
    if (busy.containsKey(model)) {
      busy.merge(model, again, Boolean::logicalOr);
      return;
    }
    try {
      threads.execute(() -> run(model));
      busy.put(model, false);
    } catch (RejectedExecutionException e) {
      // Closed: nobody needs it any more.
    }
  }

  private void run(String model) {
    do {
      refresh.accept(model);
    } while (isAgain(model));
  }

  private synchronized boolean isAgain(String model) {
    boolean again = Boolean.TRUE.equals(busy.get(model)) && !threads.isShutdown();
    if (again) {
      busy.put(model, false);
    } else {
      busy.remove(model);
      notifyAll();
    }
    return again;
  }

  /** Waits until none of the models is in work; false if the time was over before. */
  synchronized boolean await(Collection<String> models, Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    while (models.stream().anyMatch(busy::containsKey)) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (left <= 0) {
        return false;
      }
      try {
        wait(left);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
    return true;
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
