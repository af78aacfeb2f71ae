package io.millrace.workers.serving;

import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;

/** The JVM's compilers, and whether they have caught up with what runs. */
final class Compilers {
  /** Of the time between two looks, what they may still work. */
  private static final double REST = 0.1;

  private final CompilationMXBean compilers = ManagementFactory.getCompilationMXBean();
  private long lookedAt = System.nanoTime();
  private long millis = compilers.getTotalCompilationTime();

  /** Whether they hardly worked since the last time that this was asked. */
  boolean rest() {
    long now = System.nanoTime();
    long total = compilers.getTotalCompilationTime();
    boolean rested = total - millis <= REST * (now - lookedAt) / 1e6;
    lookedAt = now;
    millis = total;
    return rested;
  }
}
