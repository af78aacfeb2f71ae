package io.millrace.activities.features;

import io.lettuce.core.KeyValue;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.millrace.core.events.Event;
import io.millrace.core.features.OnlineKey;
import io.millrace.core.features.OnlineVersion;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/**
 * Asks Redis for the features of watched events until they are there, and notes how long it took.
 */
final class FreshnessProbe implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofMillis(5);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final RedisClient client;
  private final StatefulRedisConnection<String, String> connection;
  private final ConcurrentLinkedQueue<Watched> incoming = new ConcurrentLinkedQueue<>();
  private final Deque<Watched> waiting = new ArrayDeque<>();
  private final List<Long> millis = Collections.synchronizedList(new ArrayList<>());
  private final Thread thread = new Thread(this::poll, "freshness-probe");
  private volatile boolean complete;
  private volatile int outstanding;

  /** An event; its row, or a newer one, is what is waited for. */
  private record Watched(String key, String version, long dueNanos) {}

  private FreshnessProbe(String uri) {
    client = RedisClient.create(uri);
    connection = client.connect();
  }

  static FreshnessProbe start(String uri) {
    FreshnessProbe probe = new FreshnessProbe(uri);
    probe.thread.setDaemon(true);
    probe.thread.start();
    return probe;
  }

  void watch(Event event, long dueNanos) {
    incoming.add(
        new Watched(
            new OnlineKey(event.userId(), event.productId()).text(),
            OnlineVersion.of(event, 1).text(),
            dueNanos));
  }

  /** What was found of all watched events; those not seen after a minute are given up. */
  Freshness await() throws InterruptedException {
    complete = true;
    thread.join(PATIENCE.toMillis());
    return new Freshness(List.copyOf(millis), outstanding);
  }

  private void poll() {
    RedisCommands<String, String> redis = connection.sync();
    try {
      while (!complete || outstanding > 0 || !incoming.isEmpty()) {
        for (Watched next = incoming.poll(); next != null; next = incoming.poll()) {
          waiting.add(next);
        }
        if (!waiting.isEmpty()) {
          note(redis.mget(waiting.stream().map(Watched::key).toArray(String[]::new)));
        }
        outstanding = waiting.size();
        TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void note(List<KeyValue<String, String>> rows) {
    long now = System.nanoTime();
    Iterator<Watched> watched = waiting.iterator();
    for (KeyValue<String, String> row : rows) {
      Watched next = watched.next();
      if (row.hasValue() && row.getValue().compareTo(next.version) >= 0) {
        millis.add(TimeUnit.NANOSECONDS.toMillis(now - next.dueNanos));
        watched.remove();
      }
    }
  }

  @Override
  public void close() {
    thread.interrupt();
    connection.close();
    client.shutdown();
  }
}
