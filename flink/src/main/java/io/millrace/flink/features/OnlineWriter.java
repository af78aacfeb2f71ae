package io.millrace.flink.features;

import io.lettuce.core.RedisException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.common.operators.ProcessingTimeService;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gathers updates for a moment and sends them together; one batch at a time, the next only when the
 * last is in Redis.
 *
 * <p>While Redis does not answer it tries again and again, and holds the stream up: nothing is
 * dropped, and memory does not grow. Counts {@code online.changed}, {@code online.kept} (Redis had
 * something newer, or the same) and {@code online.failures} (of batches).
 */
final class OnlineWriter implements SinkWriter<OnlineUpdate> {
  private static final Logger log = LoggerFactory.getLogger(OnlineWriter.class);
  private static final int MAX_BATCH = 512;
  private static final long LINGER_MILLIS = 10;
  private static final long FIRST_PAUSE_MILLIS = 100;
  private static final long LONGEST_PAUSE_MILLIS = 2_000;
  private static final Duration REMINDER = Duration.ofSeconds(10);

  private final RedisBatch redis;
  private final ProcessingTimeService time;
  private final Counter changed;
  private final Counter kept;
  private final Counter failures;
  private final List<OnlineUpdate> gathered = new ArrayList<>(MAX_BATCH);

  OnlineWriter(RedisBatch redis, ProcessingTimeService time, MetricGroup metrics) {
    this.redis = redis;
    this.time = time;
    MetricGroup online = metrics.addGroup("online");
    changed = online.counter("changed");
    kept = online.counter("kept");
    failures = online.counter("failures");
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // a timer that comes too late sends nothing
  public void write(OnlineUpdate update, Context context) throws InterruptedException {
    gathered.add(update);
    if (gathered.size() >= MAX_BATCH) {
      send();
    } else if (gathered.size() == 1) {
      time.registerTimer(time.getCurrentProcessingTime() + LINGER_MILLIS, now -> send());
    }
  }

  @Override
  public void flush(boolean endOfInput) throws InterruptedException {
    send();
  }

  private void send() throws InterruptedException {
    if (gathered.isEmpty()) {
      return;
    }
    long pause = FIRST_PAUSE_MILLIS;
    long nextReminder = System.nanoTime();
    while (true) {
      try {
        int count = redis.apply(gathered);
        changed.inc(count);
        kept.inc(gathered.size() - count);
        gathered.clear();
        return;
      } catch (RedisException | TimeoutException e) {
        failures.inc();
        if (System.nanoTime() >= nextReminder) {
          log.warn("Waiting for Redis with {} updates ({})", gathered.size(), e.toString());
          nextReminder = System.nanoTime() + REMINDER.toNanos();
        }
      }
      Thread.sleep(pause);
      pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
    }
  }

  @Override
  public void close() {
    redis.close();
  }
}
