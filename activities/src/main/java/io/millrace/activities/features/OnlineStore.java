package io.millrace.activities.features;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.KeyValue;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanIterator;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.millrace.activities.PipelineException;
import io.millrace.core.features.OnlineGuard;
import io.millrace.core.features.OnlineKey;
import io.millrace.workflows.PipelineFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The online store in Redis. Connects when first used; connecting and every call have a timeout.
 * Every failure is a {@link PipelineException}. Can be used by any number of threads.
 */
public final class OnlineStore implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration ANSWER = Duration.ofSeconds(30);

  private final RedisClient client;
  private final String address;
  private final Duration timeToLive;
  private @Nullable StatefulRedisConnection<String, String> connection;

  /**
   * Does not connect yet.
   *
   * @param uri for example {@code redis://:PASSWORD@127.0.0.1:6379}
   * @param timeToLive how long a row stays after its last write
   */
  public OnlineStore(String uri, Duration timeToLive) {
    RedisURI redis = RedisURI.create(uri);
    redis.setTimeout(ANSWER);
    this.address = redis.getHost() + ":" + redis.getPort();
    this.timeToLive = timeToLive;
    client = RedisClient.create(redis);
    client.setOptions(
        ClientOptions.builder()
            .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
            .socketOptions(SocketOptions.builder().connectTimeout(CONNECT).build())
            .build());
  }

  /** How long a row stays after its last write. */
  Duration timeToLive() {
    return timeToLive;
  }

  /** Its version, if it answers. */
  String version() {
    return call(
        redis ->
            redis
                .sync()
                .info("server")
                .lines()
                .filter(line -> line.startsWith("redis_version:"))
                .map(line -> line.substring("redis_version:".length()))
                .findFirst()
                .orElse("unknown"));
  }

  /** Writes rows under {@link OnlineGuard}; how many changed something. */
  int apply(List<StoredRow> rows) {
    return call(redis -> apply(redis, rows));
  }

  private int apply(StatefulRedisConnection<String, String> redis, List<StoredRow> rows) {
    // Each time, because a server that was restarted has forgotten it.
    String digest = redis.sync().scriptLoad(OnlineGuard.SCRIPT);
    String millis = String.valueOf(timeToLive.toMillis());
    List<RedisFuture<Long>> answers = new ArrayList<>(rows.size());
    for (StoredRow row : rows) {
      String[] keys = {row.key()};
      answers.add(
          redis.async().evalsha(digest, ScriptOutputType.INTEGER, keys, row.value(), millis));
    }
    int changed = 0;
    for (RedisFuture<Long> answer : answers) {
      changed += await(answer) == 1 ? 1 : 0;
    }
    return changed;
  }

  private static long await(RedisFuture<Long> answer) {
    try {
      return answer.get(ANSWER.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while writing features", e);
    } catch (ExecutionException | TimeoutException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new RedisException(cause.getClass().getSimpleName() + ": " + cause.getMessage(), cause);
    }
  }

  /** The values of keys, in their order; null where there is none. */
  List<@Nullable String> values(List<String> keys) {
    return call(
        redis -> {
          List<@Nullable String> values = new ArrayList<>(keys.size());
          for (KeyValue<String, String> pair : redis.sync().mget(keys.toArray(String[]::new))) {
            values.add(pair.hasValue() ? pair.getValue() : null);
          }
          return values;
        });
  }

  /** The number of rows, while nobody writes. */
  long size() {
    return call(
        redis -> {
          ScanArgs ours = ScanArgs.Builder.matches(OnlineKey.PREFIX + "*").limit(5_000);
          return ScanIterator.scan(redis.sync(), ours).stream().distinct().count();
        });
  }

  /** Some of its keys, as many as wanted or all, in no order. */
  public List<OnlineKey> sample(int wanted) {
    return call(
        redis -> {
          ScanArgs ours = ScanArgs.Builder.matches(OnlineKey.PREFIX + "*").limit(1_000);
          return ScanIterator.scan(redis.sync(), ours).stream()
              .distinct()
              .limit(wanted)
              .map(OnlineKey::parse)
              .toList();
        });
  }

  private <R> R call(Function<StatefulRedisConnection<String, String>, R> work) {
    try {
      return work.apply(connection());
    } catch (RedisException e) {
      Throwable root = e;
      while (root.getCause() != null) {
        root = root.getCause();
      }
      String reason = String.valueOf(root.getMessage());
      if (reason.startsWith("WRONGPASS") || reason.startsWith("NOAUTH")) {
        throw new PipelineException(
            PipelineFailure.ACCESS_DENIED,
            "Redis at %s refused us (%s). Set redis.uri with the right password."
                .formatted(address, reason),
            e);
      }
      throw new PipelineException(
          PipelineFailure.UNAVAILABLE,
          "Redis at %s does not answer (%s). Is it running? Is redis.uri right?"
              .formatted(address, reason),
          e);
    }
  }

  private synchronized StatefulRedisConnection<String, String> connection() {
    if (connection == null) {
      connection = client.connect();
    }
    return connection;
  }

  @Override
  public void close() {
    client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
  }
}
