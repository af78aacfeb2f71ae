package io.millrace.flink.features;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.millrace.core.features.OnlineGuard;
import io.millrace.flink.BatchTarget;
import io.millrace.flink.TargetAwayException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Sends many updates in one go and waits for all answers. Connects when first used, and anew after
 * every failure. For one thread.
 */
final class RedisBatch implements BatchTarget<OnlineUpdate> {
  private static final Duration CONNECT = Duration.ofSeconds(2);
  private static final Duration ANSWER = Duration.ofSeconds(5);

  private final RedisClient client;
  private final String timeToLiveMillis;
  private @Nullable Guarded guarded;

  private record Guarded(StatefulRedisConnection<String, String> connection, String digest) {}

  RedisBatch(String redisUri, Duration timeToLive) {
    timeToLiveMillis = String.valueOf(timeToLive.toMillis());
    RedisURI uri = RedisURI.create(redisUri);
    uri.setTimeout(ANSWER);
    client = RedisClient.create(uri);
    client.setOptions(
        ClientOptions.builder()
            .autoReconnect(false)
            .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
            .socketOptions(SocketOptions.builder().connectTimeout(CONNECT).build())
            .build());
  }

  @Override
  public Outcome apply(List<OnlineUpdate> updates)
      throws TargetAwayException, InterruptedException {
    try {
      return new Outcome(await(send(guarded(), updates)));
    } catch (RedisException | TimeoutException e) {
      disconnect();
      throw new TargetAwayException(e);
    }
  }

  @Override
  public int bytes(OnlineUpdate update) {
    return update.key().length() + update.value().length();
  }

  private Guarded guarded() {
    if (guarded == null) {
      StatefulRedisConnection<String, String> connection = client.connect();
      // Loaded for each connection, because a server that was restarted has forgotten it.
      String digest = connection.sync().scriptLoad(OnlineGuard.SCRIPT);
      connection.setAutoFlushCommands(false);
      guarded = new Guarded(connection, digest);
    }
    return guarded;
  }

  private List<RedisFuture<Long>> send(Guarded to, List<OnlineUpdate> updates) {
    RedisAsyncCommands<String, String> commands = to.connection.async();
    List<RedisFuture<Long>> answers = new ArrayList<>(updates.size());
    for (OnlineUpdate update : updates) {
      String[] keys = {update.key()};
      answers.add(
          commands.evalsha(
              to.digest, ScriptOutputType.INTEGER, keys, update.value(), timeToLiveMillis));
    }
    to.connection.flushCommands();
    return answers;
  }

  private static int await(List<RedisFuture<Long>> answers)
      throws TimeoutException, InterruptedException {
    long deadline = System.nanoTime() + ANSWER.toNanos();
    int changed = 0;
    for (RedisFuture<Long> answer : answers) {
      try {
        long left = Math.max(0, deadline - System.nanoTime());
        changed += answer.get(left, TimeUnit.NANOSECONDS) == 1 ? 1 : 0;
      } catch (ExecutionException e) {
        throw e.getCause() instanceof RedisException failure
            ? failure
            : new RedisCommandExecutionException(e.getCause());
      }
    }
    return changed;
  }

  private void disconnect() {
    if (guarded != null) {
      guarded.connection.close();
      guarded = null;
    }
  }

  @Override
  public void close() {
    client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
  }
}
