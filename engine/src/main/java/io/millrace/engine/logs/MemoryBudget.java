package io.millrace.engine.logs;

import java.util.concurrent.atomic.AtomicLong;

/** Bytes that all logs of a process may take together. */
final class MemoryBudget {

  private final long most;
  private final AtomicLong used = new AtomicLong();

  MemoryBudget(long most) {
    this.most = most;
  }

  boolean take(int bytes) {
    if (used.addAndGet(bytes) <= most) {
      return true;
    }
    used.addAndGet(-bytes);
    return false;
  }

  void give(int bytes) {
    used.addAndGet(-bytes);
  }

  long used() {
    return used.get();
  }
}
