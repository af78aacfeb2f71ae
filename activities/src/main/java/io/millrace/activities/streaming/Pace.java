package io.millrace.activities.streaming;

import java.util.concurrent.locks.LockSupport;

/** Holds a replay back to a number of messages a second, from the moment it is made. */
public final class Pace {
  private final double ratePerSecond;
  private final long startedNanos = System.nanoTime();

  /** 0 = as fast as it goes. */
  public Pace(double ratePerSecond) {
    this.ratePerSecond = ratePerSecond;
  }

  /** Whether it ever waits. */
  public boolean isLimited() {
    return ratePerSecond > 0;
  }

  /** Waits until so many messages are due. */
  public void keep(long messages) {
    if (!isLimited()) {
      return;
    }
    long due = startedNanos + (long) (messages / ratePerSecond * 1e9);
    for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }
}
