package io.millrace.serving.features;

import io.lettuce.core.KeyValue;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.millrace.core.features.OnlineKey;
import io.millrace.core.features.OnlineRow;
import io.millrace.serving.http.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The online store in Redis: a batch is one {@code MGET}, or one for each {@value #CHUNK} keys, all
 * on their way before the first answer is waited for.
 *
 * <p>An answer that is not there in time is a {@link Problem} 503. Redis may be away when this is
 * made and at any time later: each look-up then fails fast, and the first after its return works
 * again. Keys that Redis owes an answer for are at most {@value #MOST_OWED}. Can be used by any
 * number of threads.
 */
public final class RedisOnlineFeatures implements OnlineFeatures, AutoCloseable {
  static final int CHUNK = 1_000;
  static final int MOST_OWED = 200_000;

  private static final Logger log = LoggerFactory.getLogger(RedisOnlineFeatures.class);

  private final RedisLink link;
  private final Duration timeout;
  private final Semaphore owed = new Semaphore(MOST_OWED);
  private final LongAdder unreadable = new LongAdder();
  private final LongAdder failures = new LongAdder();

  /**
   * Does not connect yet.
   *
   * @param uri for example {@code redis://:PASSWORD@127.0.0.1:6379}
   * @param timeout of a look-up, connecting included
   */
  public RedisOnlineFeatures(String uri, Duration timeout) {
    this.link = new RedisLink(uri);
    this.timeout = timeout;
  }

  @Override
  public List<@Nullable OnlineRow> find(List<OnlineKey> keys) {
    if (keys.isEmpty()) {
      return List.of();
    }
    long deadline = System.nanoTime() + timeout.toNanos();
    List<@Nullable OnlineRow> rows = new ArrayList<>(keys.size());
    for (Future<List<KeyValue<String, String>>> answer : ask(keys, deadline)) {
      for (KeyValue<String, String> pair : await(answer, deadline)) {
        rows.add(pair.hasValue() ? parse(pair.getKey(), pair.getValue()) : null);
      }
    }
    link.answered();
    return rows;
  }

  private List<Future<List<KeyValue<String, String>>>> ask(List<OnlineKey> keys, long deadline) {
    RedisAsyncCommands<String, String> redis = await(link.connection(), deadline).async();
    List<Future<List<KeyValue<String, String>>>> answers = new ArrayList<>();
    for (int from = 0; from < keys.size(); from += CHUNK) {
      String[] texts = texts(keys.subList(from, Math.min(keys.size(), from + CHUNK)));
      if (!owed.tryAcquire(texts.length)) {
        throw unavailable("it owes answers for %d keys already".formatted(MOST_OWED));
      }
      answers.add(ask(redis, texts));
    }
    return answers;
  }

  /** What is never waited for is owed all the same, until Redis answers or the connection ends. */
  private Future<List<KeyValue<String, String>>> ask(
      RedisAsyncCommands<String, String> redis, String[] texts) {
    try {
      RedisFuture<List<KeyValue<String, String>>> answer = redis.mget(texts);
      answer.whenComplete((values, failure) -> owed.release(texts.length));
      return answer;
    } catch (RedisException e) {
      owed.release(texts.length);
      throw unavailable(String.valueOf(e.getMessage()));
    }
  }

  private static String[] texts(List<OnlineKey> keys) {
    String[] texts = new String[keys.size()];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = keys.get(i).text();
    }
    return texts;
  }

  private <T> T await(Future<T> answer, long deadline) {
    try {
      return answer.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      link.late();
      throw unavailable("no answer within %d ms".formatted(timeout.toMillis()));
    } catch (ExecutionException | CancellationException e) {
      throw unavailable(RedisLink.reason(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unavailable("the server is stopping");
    }
  }

  private Problem unavailable(String reason) {
    failures.increment();
    return Problem.unavailable(
        "The online store, Redis at %s, does not answer: %s".formatted(link.address(), reason));
  }

  private @Nullable OnlineRow parse(String key, String value) {
    try {
      return OnlineRow.parse(value);
    } catch (IllegalArgumentException e) {
      unreadable.increment();
      // One message for 1, 2, 4, 8 … of them: a store full of such values must not fill the log.
      if (Long.bitCount(unreadable.sum()) == 1) {
        log.warn(
            "unreadable value in the online store, taken as unknown key={} so far={} reason={}",
            key,
            unreadable.sum(),
            RedisLink.reason(e));
      }
      return null;
    }
  }

  /** Values that were no row of features, and were taken as unknown. */
  public long unreadable() {
    return unreadable.sum();
  }

  /** Look-ups that ended in a 503. */
  public long failures() {
    return failures.sum();
  }

  /** Keys that Redis owes an answer for at this moment. */
  public int owed() {
    return MOST_OWED - owed.availablePermits();
  }

  /** Ends the connection and its threads; look-ups from now on fail. */
  @Override
  public void close() {
    link.close();
  }
}
