package io.millrace.flink.features;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.millrace.core.events.Event;
import io.millrace.core.events.LimitEvents;
import io.millrace.core.features.OnlineGuard;
import io.millrace.core.features.OnlineKey;
import io.millrace.core.features.OnlineRow;
import io.millrace.stack.Component;
import io.millrace.stack.LocalStack;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rows of every kind of event reach Redis, whatever stands there already. */
class RedisBatchIT {
  private static LocalStack stack;
  private static RedisClient client;
  private static StatefulRedisConnection<String, String> connection;

  private final RedisCommands<String, String> redis = connection.sync();

  @BeforeAll
  static void start() {
    stack = LocalStack.forTests(Component.REDIS);
    client = RedisClient.create(stack.endpoints().redis().uri());
    connection = client.connect();
  }

  @AfterAll
  static void stop() {
    client.shutdown();
    stack.close();
  }

  @BeforeEach
  void empty() {
    redis.flushall();
  }

  @Test
  void holdsTheRowOfEveryEventAtTheLimits() throws Exception {
    List<OnlineUpdate> updates = new ArrayList<>();
    for (Event event : LimitEvents.all()) {
      updates.add(update(event, 9_999_999_999L));
    }

    assertThat(apply(updates)).isEqualTo(updates.size());
    for (OnlineUpdate update : updates) {
      assertThat(redis.get(update.key())).isEqualTo(update.value());
    }
    assertThat(apply(updates)).isZero();
  }

  @Test
  void replacesWhatIsNoRow() throws Exception {
    List<Event> events = LimitEvents.all().subList(0, 4);
    redis.hset(update(events.get(0), 1).key(), "field", "value");
    redis.lpush(update(events.get(1), 1).key(), "value");
    redis.set(update(events.get(2), 1).key(), "zzzz");
    redis.set(update(events.get(3), 1).key(), "");

    assertThat(apply(events.stream().map(event -> update(event, 1)).toList())).isEqualTo(4);
    for (Event event : events) {
      assertThat(redis.get(update(event, 1).key())).isEqualTo(update(event, 1).value());
      assertThat(OnlineGuard.merge("zzzz", update(event, 1).value()))
          .isEqualTo(update(event, 1).value());
    }
  }

  @Test
  void countsNothingAgainThatIsNoRow() throws Exception {
    Event event = LimitEvents.all().get(0);
    OnlineUpdate recount =
        new OnlineUpdate(update(event, 1).key(), update(event, 2).value().substring(0, 55));
    redis.sadd(recount.key(), "value");

    assertThat(apply(List.of(recount))).isZero();
    assertThat(apply(List.of(update(event, 1), recount))).isEqualTo(2);
    assertThat(redis.get(recount.key())).isEqualTo(update(event, 2).value());
  }

  private static OnlineUpdate update(Event event, long count) {
    return new OnlineUpdate(
        new OnlineKey(event.userId(), event.productId()).text(), OnlineRow.of(event, count).text());
  }

  private static int apply(List<OnlineUpdate> updates) throws Exception {
    try (RedisBatch batch =
        new RedisBatch(stack.endpoints().redis().uri(), Duration.ofMinutes(5))) {
      return batch.apply(updates).changed();
    }
  }
}
