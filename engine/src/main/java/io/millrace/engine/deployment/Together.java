package io.millrace.engine.deployment;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/** Makes many calls of the server, some at the same time. */
public final class Together {

  private static final int AT_ONCE = 8;

  private Together() {}

  /**
   * Calls for each.
   *
   * @return the results in the order of the elements
   * @throws RuntimeException what the first call that failed has thrown; the calls that have not
   *     begun then are not made
   */
  public static <A, T> List<T> each(Collection<A> all, Function<A, T> call) {
    if (all.size() <= 1) {
      return all.stream().map(call).toList();
    }
    ExecutorService threads = Executors.newFixedThreadPool(Math.min(AT_ONCE, all.size()));
    try {
      List<Future<T>> answers =
          all.stream().map(one -> threads.submit(() -> call.apply(one))).toList();
      List<T> results = new ArrayList<>();
      for (Future<T> answer : answers) {
        results.add(answer.get());
      }
      return results;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while calling the server", e);
    } finally {
      threads.shutdownNow();
    }
  }
}
