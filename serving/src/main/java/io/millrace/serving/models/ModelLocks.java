package io.millrace.serving.models;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * One lock for each model that somebody works on at this moment, and none for others: names come
 * from requests, too, and must not pile up.
 */
final class ModelLocks {
  private static final class Lock {
    private int users;
  }

  private final Map<String, Lock> locks = new HashMap<>();

  /** Does the work while nobody else works on the model. */
  <T> T with(String model, Supplier<T> work) {
    Lock lock;
    synchronized (locks) {
      lock = locks.computeIfAbsent(model, name -> new Lock());
      lock.users++;
    }
    try {
      synchronized (lock) {
        return work.get();
      }
    } finally {
      synchronized (locks) {
        lock.users--;
        if (lock.users == 0) {
          locks.remove(model);
        }
      }
    }
  }

  /** The models that somebody works on. */
  List<String> inUse() {
    synchronized (locks) {
      return List.copyOf(locks.keySet());
    }
  }
}
