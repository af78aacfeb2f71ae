package io.millrace.workers.worker;

import java.util.concurrent.CountDownLatch;

/**
 * SIGTERM and Ctrl-C, for a process that ends in order: the JVM goes on until this is closed. Open
 * it before what is to be closed first.
 */
public final class StopSignal implements AutoCloseable {
  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch stopped = new CountDownLatch(1);

  private StopSignal() {}

  /**
   * Listens from now on.
   *
   * @param thread names the thread that holds the JVM up
   */
  public static StopSignal install(String thread) {
    StopSignal signal = new StopSignal();
    Runtime.getRuntime().addShutdownHook(new Thread(signal::hold, thread));
    return signal;
  }

  /** Returns once the process is asked to stop. */
  public void await() throws InterruptedException {
    asked.await();
  }

  private void hold() {
    asked.countDown();
    try {
      stopped.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Lets the JVM end. */
  @Override
  public void close() {
    stopped.countDown();
  }
}
