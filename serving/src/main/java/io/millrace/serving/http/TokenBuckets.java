package io.millrace.serving.http;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * One token bucket for each client. Keeps the {@value #MAX} clients seen last; one that was
 * forgotten begins with a full bucket.
 */
final class TokenBuckets {
  private static final int MAX = 10_000;

  private final long tokenNanos;
  private final long burstNanos;
  private final int burst;
  private final LongSupplier nanoTime;
  private final Map<String, AtomicLong> empties =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, AtomicLong> eldest) {
          return size() > MAX;
        }
      };

  TokenBuckets(RateLimit limit, LongSupplier nanoTime) {
    this.tokenNanos = Math.max(1, (long) (1e9 / limit.perSecond()));
    this.burst = limit.burst();
    this.burstNanos = tokenNanos * burst;
    this.nanoTime = nanoTime;
  }

  /** The size of a bucket. */
  int burst() {
    return burst;
  }

  /**
   * What a client has after a request.
   *
   * @param left tokens in the bucket; -1 if there was none for this request
   * @param waitNanos until there is one, 0 unless there was none
   */
  record Taken(int left, long waitNanos) {
    boolean refused() {
      return left < 0;
    }
  }

  /**
   * Takes a token of a client's bucket, which is kept as the time at which it will be full again
   * (the generic cell rate algorithm): one number, changed by compare-and-set.
   */
  Taken take(String client) {
    AtomicLong fullAt = bucket(client);
    while (true) {
      long now = nanoTime.getAsLong();
      long before = fullAt.get();
      long full = (before - now > 0 ? before : now) + tokenNanos;
      long over = full - now - burstNanos;
      if (over > 0) {
        return new Taken(-1, over);
      }
      if (fullAt.compareAndSet(before, full)) {
        return new Taken((int) (-over / tokenNanos), 0);
      }
    }
  }

  private AtomicLong bucket(String client) {
    synchronized (empties) {
      return empties.computeIfAbsent(client, name -> new AtomicLong(nanoTime.getAsLong()));
    }
  }
}
