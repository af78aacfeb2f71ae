package io.millrace.serving.predict;

import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Scores shadows on a thread of their own: no request waits for one, and none fails with one. What
 * the thread cannot keep up with is dropped and counted.
 */
public final class Shadows implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Shadows.class);
  private static final int WAITING = 1_000;

  private final LongAdder dropped = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final ThreadPoolExecutor thread =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(WAITING),
          work -> {
            Thread made = new Thread(work, "shadow");
            made.setDaemon(true);
            return made;
          });

  /** Does the work some time, or not at all; its spans belong to the request's trace. */
  void offer(Runnable work) {
    Context request = Context.current();
    try {
      thread.execute(() -> run(request, work));
    } catch (RejectedExecutionException e) {
      dropped.increment();
    }
  }

  private void run(Context request, Runnable work) {
    Scope scope = request.makeCurrent();
    try {
      work.run();
    } catch (RuntimeException e) {
      failed.increment();
      log.debug("shadow failed", e);
    } finally {
      scope.close();
    }
  }

  /** Requests whose shadow was not scored for want of time. */
  public long dropped() {
    return dropped.sum();
  }

  /** Requests that the shadow could not score, such as with inputs that it does not have. */
  public long failed() {
    return failed.sum();
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
