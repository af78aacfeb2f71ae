package io.millrace.serving.features;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.lettuce.core.resource.NettyCustomizer;
import io.netty.channel.Channel;
import io.netty.handler.flush.FlushConsolidationHandler;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One connection, made when it is asked for and made anew once it is broken. Nobody waits for
 * another's attempt longer than they want to, and a broken connection fails what was under way.
 *
 * <p>Lettuce's own reconnecting is off: it backs off to half a minute, and does not begin before a
 * first connection.
 */
final class RedisLink implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(2);
  private static final Duration SHUTDOWN = Duration.ofSeconds(2);
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** A connection that has been silent for so long while answers were due is given up. */
  private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(3);

  private final ClientResources threads =
      DefaultClientResources.builder()
          .ioThreadPoolSize(2)
          .computationThreadPoolSize(2)
          .nettyCustomizer(new Together())
          .build();
  private final RedisURI uri;
  private final RedisClient client;
  private volatile @Nullable Attempt current;
  private volatile long silentSince = Long.MIN_VALUE;
  private volatile boolean closed;

  RedisLink(String uri) {
    this.uri = RedisURI.create(uri);
    this.uri.setTimeout(CONNECT);
    client = RedisClient.create(threads, this.uri);
    client.setOptions(
        ClientOptions.builder()
            .autoReconnect(false)
            .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
            .socketOptions(SocketOptions.builder().connectTimeout(CONNECT).keepAlive(true).build())
            .build());
  }

  /** What several threads ask for at about the same time goes out in one write. */
  private static final class Together implements NettyCustomizer {
    private static final int MAX = 256;

    @Override
    public void afterChannelInitialized(Channel channel) {
      channel.pipeline().addFirst(new FlushConsolidationHandler(MAX, true));
    }
  }

  /** An attempt to connect and what came of it. */
  private record Attempt(
      CompletableFuture<StatefulRedisConnection<String, String>> connection, long startedNanos) {

    boolean isOver() {
      if (!connection.isDone()) {
        return false;
      }
      return connection.isCompletedExceptionally()
          ? System.nanoTime() - startedNanos > PAUSE_NANOS
          : !connection.join().isOpen();
    }
  }

  /** Host and port, and nothing secret. */
  String address() {
    return uri.getHost() + ":" + uri.getPort();
  }

  /** The connection, there already or on its way. */
  CompletableFuture<StatefulRedisConnection<String, String>> connection() {
    @Nullable Attempt now = current;
    return now == null || now.isOver() ? renewed() : now.connection;
  }

  private synchronized CompletableFuture<StatefulRedisConnection<String, String>> renewed() {
    if (closed) {
      return CompletableFuture.failedFuture(new RedisException("the server is stopping"));
    }
    @Nullable Attempt now = current;
    if (now == null || now.isOver()) {
      silentSince = Long.MIN_VALUE;
      now = new Attempt(connect(), System.nanoTime());
      current = now;
    }
    return now.connection;
  }

  private CompletableFuture<StatefulRedisConnection<String, String>> connect() {
    try {
      return client.connectAsync(StringCodec.UTF8, uri).toCompletableFuture();
    } catch (RedisException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** An answer came. */
  void answered() {
    if (silentSince != Long.MIN_VALUE) {
      silentSince = Long.MIN_VALUE;
    }
  }

  /**
   * An answer did not come in time. A server that is gone without a word would be waited for until
   * the system gives the connection up, many minutes later.
   */
  void late() {
    long since = silentSince;
    if (since == Long.MIN_VALUE) {
      silentSince = System.nanoTime();
    } else if (System.nanoTime() - since > SILENCE_NANOS) {
      giveUp();
    }
  }

  private synchronized void giveUp() {
    @Nullable Attempt now = current;
    if (now != null && now.connection.isDone() && silentSince != Long.MIN_VALUE) {
      silentSince = Long.MIN_VALUE;
      current = null;
      CompletableFuture<Void> unused =
          now.connection.thenCompose(StatefulRedisConnection::closeAsync);
    }
  }

  /** The deepest reason of a failure. */
  static String reason(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    client.shutdown(Duration.ZERO, SHUTDOWN);
    threads.shutdown(0, SHUTDOWN.toMillis(), TimeUnit.MILLISECONDS).awaitUninterruptibly();
  }
}
