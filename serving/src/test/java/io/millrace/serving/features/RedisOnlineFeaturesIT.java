package io.millrace.serving.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.millrace.core.events.Event;
import io.millrace.core.events.EventType;
import io.millrace.core.features.OnlineKey;
import io.millrace.core.features.OnlineRow;
import io.millrace.serving.http.Problem;
import io.millrace.stack.Component;
import io.millrace.stack.LocalStack;
import io.millrace.testing.Waiting;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Reads a real Redis, also while it is killed, halted and away. */
class RedisOnlineFeaturesIT {
  private static final OnlineKey KEY = new OnlineKey(1, 2);
  private static final OnlineKey UNKNOWN = new OnlineKey(1, 3);

  /** No matter how slow the machine is, a look-up must end long before anybody gives up. */
  private static LocalStack stack;

  private static String uri;

  @BeforeAll
  static void start() {
    stack = LocalStack.forTests(Component.REDIS);
    uri = stack.endpoints().redis().uri();
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  @Test
  void readsWhatIsThereInTheKeysOrder() {
    redis(redis -> redis.sync().set(KEY.text(), row(KEY).text()));
    try (RedisOnlineFeatures features = new RedisOnlineFeatures(uri, Waiting.LIMIT)) {
      assertThat(find(features, List.of(UNKNOWN, KEY, KEY)))
          .containsExactly(null, row(KEY), row(KEY));
      assertThat(find(features, List.of())).isEmpty();
    }
  }

  @Test
  void asksForTenThousandInOneGo() {
    List<OnlineKey> keys = IntStream.range(0, 10_001).mapToObj(i -> new OnlineKey(77, i)).toList();
    redis(
        redis -> {
          redis.sync().set(keys.get(999).text(), row(keys.get(999)).text());
          redis.sync().set(keys.get(10_000).text(), row(keys.get(10_000)).text());
        });
    try (RedisOnlineFeatures features = new RedisOnlineFeatures(uri, Waiting.LIMIT)) {
      List<@Nullable OnlineRow> rows = find(features, keys);

      assertThat(rows).hasSize(10_001);
      assertThat(rows.get(999)).isEqualTo(row(keys.get(999)));
      assertThat(rows.get(10_000)).isEqualTo(row(keys.get(10_000)));
      assertThat(rows.stream().filter(row -> row != null)).hasSize(2);
      assertThat(features.owed()).isZero();
    }
  }

  @Test
  void aBrokenValueIsUnknownAndItsNeighboursAreNot() {
    OnlineKey broken = new OnlineKey(5, 1);
    redis(
        redis -> {
          redis.sync().set(KEY.text(), row(KEY).text());
          redis.sync().set(broken.text(), row(broken).text().replace("\"price\"", "\"prize\""));
        });
    try (RedisOnlineFeatures features = new RedisOnlineFeatures(uri, Waiting.LIMIT)) {
      assertThat(find(features, List.of(broken, KEY))).containsExactly(null, row(KEY));
      assertThat(features.unreadable()).isEqualTo(1);
    }
  }

  @Test
  void worksAgainAfterRedisWasKilled() {
    try (RedisOnlineFeatures features = new RedisOnlineFeatures(uri, Waiting.LIMIT)) {
      find(features, List.of(KEY));
      stack.kill9(Component.REDIS);
      assertUnavailable(features);
      assertUnavailable(features);

      stack.restart(Component.REDIS);

      // The pause after a failed attempt may still be on.
      await().ignoreExceptions().until(() -> find(features, List.of(KEY)).size() == 1);
    }
  }

  @Test
  void aHaltedRedisCostsTheTimeoutAndNoMoreAndIsUsedAgain() throws Exception {
    try (RedisOnlineFeatures features = new RedisOnlineFeatures(uri, Duration.ofMillis(100))) {
      await().ignoreExceptions().until(() -> !find(features, List.of(KEY)).isEmpty());
      long pid = pid();
      signal("STOP", pid);
      try {
        assertUnavailable(features);
        assertThat(features.owed()).isEqualTo(1);
        // Long enough for the connection to be given up, and the next attempts to end in nothing.
        await()
            .until(
                () -> {
                  assertUnavailable(features);
                  return features.owed() == 0;
                });
      } finally {
        signal("CONT", pid);
      }

      await().ignoreExceptions().until(() -> !find(features, List.of(KEY)).isEmpty());
    }
  }

  @Test
  void aServerThatAcceptsAndSaysNothingCostsTheTimeout() throws Exception {
    try (ServerSocket mute = new ServerSocket(0);
        RedisOnlineFeatures features =
            new RedisOnlineFeatures(
                "redis://:hidden@127.0.0.1:" + mute.getLocalPort(), Duration.ofMillis(100))) {
      assertThatThrownBy(() -> find(features, List.of(KEY)))
          .isInstanceOf(Problem.class)
          .hasMessage(
              "The online store, Redis at 127.0.0.1:%d, does not answer: no answer within 100 ms"
                  .formatted(mute.getLocalPort()));
      assertThat(features.failures()).isEqualTo(1);
    }
  }

  @Test
  void aWrongPasswordIsToldWithoutIt() {
    RedisURI wrong = RedisURI.create(uri);
    String text = "redis://:hidden@%s:%d".formatted(wrong.getHost(), wrong.getPort());
    try (RedisOnlineFeatures features = new RedisOnlineFeatures(text, Waiting.LIMIT)) {
      assertThatThrownBy(() -> find(features, List.of(KEY)))
          .isInstanceOfSatisfying(
              Problem.class, problem -> assertThat(problem.status()).isEqualTo(503))
          .hasMessageContaining("WRONGPASS")
          .hasMessageNotContaining("hidden");
    }
  }

  @Test
  void leavesNoThreadBehind() {
    Set<Thread> before = lettuceThreads();
    RedisOnlineFeatures features = new RedisOnlineFeatures(uri, Waiting.LIMIT);
    find(features, List.of(KEY));
    assertThat(lettuceThreads()).hasSizeGreaterThan(before.size());

    features.close();

    await().until(() -> before.containsAll(lettuceThreads()));
    assertUnavailable(features);
  }

  /** Waits for the rows, and throws what they failed with. */
  private static List<@Nullable OnlineRow> find(
      RedisOnlineFeatures features, List<OnlineKey> keys) {
    try {
      return features.find(keys, Runnable::run).join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof Problem problem ? problem : e;
    }
  }

  private static Set<Thread> lettuceThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("lettuce"))
        .collect(Collectors.toSet());
  }

  private static void assertUnavailable(RedisOnlineFeatures features) {
    assertThatThrownBy(() -> find(features, List.of(KEY)))
        .isInstanceOfSatisfying(
            Problem.class, problem -> assertThat(problem.status()).isEqualTo(503));
  }

  private static OnlineRow row(OnlineKey key) {
    return OnlineRow.of(
        new Event(
            Instant.parse("2019-10-01T00:00:00Z"),
            EventType.CART,
            key.productId(),
            3,
            "apparel.shoes",
            "nike",
            60,
            key.userId(),
            "visit"),
        4);
  }

  private static void redis(
      Consumer<io.lettuce.core.api.StatefulRedisConnection<String, String>> work) {
    RedisClient client = RedisClient.create(uri);
    try {
      work.accept(client.connect());
    } finally {
      client.shutdown(0, 2, TimeUnit.SECONDS);
    }
  }

  private static long pid() {
    long[] pid = new long[1];
    redis(
        redis ->
            pid[0] =
                redis
                    .sync()
                    .info("server")
                    .lines()
                    .filter(line -> line.startsWith("process_id:"))
                    .mapToLong(
                        line -> Long.parseLong(line.substring("process_id:".length()).strip()))
                    .findFirst()
                    .orElseThrow());
    return pid[0];
  }

  private static void signal(String name, long pid) throws Exception {
    Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start();
    assertThat(kill.waitFor()).isZero();
  }
}
