package io.millrace.stack.process;

import java.time.Duration;

/**
 * Whether a process gets on with its start: it and its descendants work, or wait for a processor,
 * for at least a twentieth of the time. A process that waits for another server makes no progress.
 */
final class Progress {
  private static final Duration WINDOW = Duration.ofSeconds(1);
  private static final int MIN_PART = 20;

  private final ManagedProcess process;
  private long seenAt = System.nanoTime();
  private long seenWork;
  private long madeAt = seenAt;

  Progress(ManagedProcess process) {
    this.process = process;
    this.seenWork = process.workNanos();
  }

  /** How long it has made none; looks at most once a second. */
  Duration none() {
    long now = System.nanoTime();
    long passed = now - seenAt;
    if (passed >= WINDOW.toNanos()) {
      long work = process.workNanos();
      if (work - seenWork >= passed / MIN_PART) {
        madeAt = now;
      }
      seenWork = work;
      seenAt = now;
    }
    return Duration.ofNanos(now - madeAt);
  }
}
