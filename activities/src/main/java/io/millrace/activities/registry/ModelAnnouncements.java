package io.millrace.activities.registry;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells those who serve a model that its aliases have moved, through Redis, channel {@value
 * #CHANNEL}: the message is the model's name. It only saves waiting: whoever misses one finds out
 * when it looks at the registry next.
 */
public final class ModelAnnouncements implements AutoCloseable {
  /** The channel. */
  public static final String CHANNEL = "millrace:models:v1";

  private static final Logger log = LoggerFactory.getLogger(ModelAnnouncements.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(2);
  private static final Duration AGAIN = Duration.ofSeconds(5);

  private final RedisClient client;
  private final CountDownLatch closed = new CountDownLatch(1);

  /**
   * Does not connect yet.
   *
   * @param uri for example {@code redis://:PASSWORD@127.0.0.1:6379}
   */
  public ModelAnnouncements(String uri) {
    RedisURI redis = RedisURI.create(uri);
    redis.setTimeout(TIMEOUT);
    client = RedisClient.create(redis);
    client.setOptions(
        ClientOptions.builder()
            .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
            .socketOptions(SocketOptions.builder().connectTimeout(TIMEOUT).build())
            .build());
  }

  /** Announces a model; that nobody could be told is logged, and no failure. */
  public void announce(String model) {
    try (StatefulRedisConnection<String, String> connection = client.connect()) {
      long told = connection.sync().publish(CHANNEL, model);
      log.info("model announced name={} listeners={}", model, told);
    } catch (RedisException e) {
      log.warn("model not announced name={} reason={}", model, e.getMessage());
    }
  }

  /**
   * Has the listener told of every announcement from soon on, also after Redis was away, until this
   * is closed. It is called on a thread that it must not keep.
   */
  public void listen(Consumer<String> listener) {
    Thread thread = new Thread(() -> subscribe(listener), "model-announcements");
    thread.setDaemon(true);
    thread.start();
  }

  /** Tries until it has a connection; lettuce makes that anew, and subscribes again, by itself. */
  private void subscribe(Consumer<String> listener) {
    try {
      do {
        try {
          StatefulRedisPubSubConnection<String, String> connection = client.connectPubSub();
          connection.addListener(
              new RedisPubSubAdapter<>() {
                @Override
                public void message(String channel, String model) {
                  listener.accept(model);
                }
              });
          connection.sync().subscribe(CHANNEL);
          return;
        } catch (RedisException e) {
          log.debug("no announcements yet reason={}", e.getMessage());
        }
      } while (!closed.await(AGAIN.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed.countDown();
    client.shutdown(Duration.ZERO, TIMEOUT);
  }
}
