package io.millrace.serving.features;

import io.lettuce.core.KeyValue;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.millrace.core.features.OnlineKey;
import io.millrace.core.features.OnlineRow;
import io.millrace.core.serving.PrintableText;
import io.millrace.serving.http.AsyncResponses;
import io.millrace.serving.http.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
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
 * <p>An answer that is not there in time is a {@link Problem} 503, and no thread waits for one.
 * Redis may be away when this is made and at any time later: each look-up then fails fast, and the
 * first after its return works again. Keys that Redis owes an answer for are at most {@value
 * #MAX_OWED}. Can be used by any number of threads.
 */
public final class RedisOnlineFeatures implements OnlineFeatures, AutoCloseable {
  static final int CHUNK = 1_000;
  static final int MAX_OWED = 200_000;

  private static final Logger log = LoggerFactory.getLogger(RedisOnlineFeatures.class);

  private final RedisLink link;
  private final Duration timeout;
  private final Semaphore owed = new Semaphore(MAX_OWED);
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
  public CompletableFuture<List<@Nullable OnlineRow>> find(List<OnlineKey> keys, Executor threads) {
    if (keys.isEmpty()) {
      return CompletableFuture.completedFuture(List.of());
    }
    long deadline = System.nanoTime() + timeout.toNanos();
    return link.connection()
        .thenCompose(connection -> ask(connection.async(), keys, deadline))
        .orTimeout(timeout.toNanos(), TimeUnit.NANOSECONDS)
        .handleAsync(this::rows, threads);
  }

  private CompletableFuture<List<Answer>> ask(
      RedisAsyncCommands<String, String> redis, List<OnlineKey> keys, long deadline) {
    if (System.nanoTime() - deadline > 0) {
      // The connection came too late: nobody waits any more.
      return CompletableFuture.failedFuture(new TimeoutException());
    }
    List<Answer> answers = new ArrayList<>();
    for (int from = 0; from < keys.size(); from += CHUNK) {
      answers.add(ask(redis, texts(keys.subList(from, Math.min(keys.size(), from + CHUNK)))));
    }
    CompletableFuture<?>[] all =
        answers.stream().map(Answer::values).toArray(CompletableFuture<?>[]::new);
    return CompletableFuture.allOf(all).thenApply(done -> answers);
  }

  /** What a chunk's keys have, on its way. */
  private record Answer(CompletableFuture<List<KeyValue<String, String>>> values) {}

  /**
   * What is not waited for any more is owed all the same, until Redis answers or the connection
   * ends.
   */
  private Answer ask(RedisAsyncCommands<String, String> redis, String[] texts) {
    if (!owed.tryAcquire(texts.length)) {
      throw new RedisException("it owes answers for %d keys already".formatted(MAX_OWED));
    }
    try {
      RedisFuture<List<KeyValue<String, String>>> answer = redis.mget(texts);
      return new Answer(
          answer
              .whenComplete((values, failure) -> owed.release(texts.length))
              .toCompletableFuture());
    } catch (RedisException e) {
      owed.release(texts.length);
      throw e;
    }
  }

  private static String[] texts(List<OnlineKey> keys) {
    String[] texts = new String[keys.size()];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = keys.get(i).text();
    }
    return texts;
  }

  private List<@Nullable OnlineRow> rows(
      @Nullable List<Answer> answers, @Nullable Throwable failure) {
    if (failure != null) {
      throw unavailable(AsyncResponses.cause(failure));
    }
    link.answered();
    List<@Nullable OnlineRow> rows = new ArrayList<>();
    for (Answer answer : Objects.requireNonNull(answers)) {
      for (KeyValue<String, String> pair : answer.values().join()) {
        rows.add(pair.hasValue() ? parse(pair.getKey(), pair.getValue()) : null);
      }
    }
    return rows;
  }

  private Problem unavailable(Exception failure) {
    if (failure instanceof TimeoutException) {
      link.late();
      return unavailable("no answer within %d ms".formatted(timeout.toMillis()));
    }
    return unavailable(RedisLink.reason(failure));
  }

  private Problem unavailable(String reason) {
    failures.increment();
    return Problem.unavailable(
        "The online store, Redis at %s, does not answer: %s".formatted(link.address(), reason));
  }

  private @Nullable OnlineRow parse(String key, String value) {
    try {
      OnlineRow row = OnlineRow.parse(value);
      if (Double.isFinite(row.features().price())) {
        return row;
      }
      throw new IllegalArgumentException("The price is " + row.features().price());
    } catch (IllegalArgumentException e) {
      unreadable.increment();
      // One message for 1, 2, 4, 8 … of them: a store full of such values must not fill the log.
      if (Long.bitCount(unreadable.sum()) == 1) {
        log.warn(
            "unreadable value in the online store, taken as unknown key={} so far={} reason={}",
            key,
            unreadable.sum(),
            PrintableText.reason(RedisLink.reason(e)));
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
    return MAX_OWED - owed.availablePermits();
  }

  /** Ends the connection and its threads; look-ups from now on fail. */
  @Override
  public void close() {
    link.close();
  }
}
