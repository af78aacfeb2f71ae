package io.millrace.serving.http;

import static io.millrace.serving.http.LengthServer.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.testing.Waiting;
import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.HttpConnection;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.thread.Scheduler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A server that stops waits for every request that has begun to come, and for no connection on
 * which none has. None of the times that it may take is ever over here.
 */
class DrainingTest {
  private static final Duration LONG = Duration.ofMinutes(10);
  private static final String READY =
      "GET /health/ready HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\n\r\n";

  private final LengthServer http = new LengthServer();
  private final List<RawClient> clients = new ArrayList<>();
  private int port;

  @AfterEach
  void close() throws IOException {
    for (RawClient client : clients) {
      client.close();
    }
    http.close();
  }

  @Test
  void aBodyThatComesSlowlyIsWaitedFor() throws Exception {
    start();
    RawClient slow =
        connect().send("POST /length HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\nab");
    await().until(() -> http.started.get(0).inProgress() == 1);

    CompletableFuture<Void> closing = drain();

    assertThat(slow.send("cd").rest()).startsWith("HTTP/1.1 200").endsWith("4");
    Waiting.result(closing);
  }

  @Test
  void anAnswerThatIsReadSlowlyIsSentToItsEnd() throws Exception {
    start();
    RawClient slow = connect().send("GET /long/4000 HTTP/1.1\r\nHost: localhost\r\n\r\n");
    await().until(() -> http.started.get(0).inProgress() == 1);

    CompletableFuture<Void> closing = drain();

    assertThat(slow.rest().length()).isGreaterThan(4_000 * 5_000);
    Waiting.result(closing);
  }

  @Test
  void theAnswerToARequestThatCameBeforeSaysThatItIsTheLast() throws Exception {
    start();
    RawClient slow = connect().send("GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n" + READY);
    http.begun.await();
    CompletableFuture<Void> closing = drain();

    http.gate.countDown();

    assertThat(slow.rest()).contains("Connection: close").endsWith("done");
    Waiting.result(closing);
  }

  @Test
  void whatIsNotDoneWhenTheTimeIsOverIsCutOff() throws Exception {
    port =
        http.start(OPTIONS.with(Timeouts.DEFAULT.stopping(Duration.ZERO, Duration.ofMillis(200))));
    RawClient slow =
        connect().send("POST /length HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\nab");
    await().until(() -> http.started.get(0).inProgress() == 1);

    http.started.get(0).close();

    assertThat(slow.rest()).doesNotContain(" 200 ");
  }

  /** Jetty lost the only timer of a connection when a thread had no processor for 50 ms. */
  @Test
  void needsNoTimer() throws Exception {
    try (Bare server = new Bare()) {
      port = server.connector.getLocalPort();
      RawClient quiet = connect();
      await().until(() -> server.connector.getConnectedEndPoints().size() == 1);

      CompletableFuture<Integer> draining = server.drain();

      assertThat(quiet.rest()).isEmpty();
      assertThat(Waiting.result(draining)).isZero();
    }
  }

  /** As one that is accepted just before the server stops to listen, and opened just after that. */
  @Test
  void aConnectionThatIsOpenedLateHoldsNothingUpAndAHeadThatComesSlowlyIsWaitedFor()
      throws Exception {
    try (Bare server = new Bare();
        ServerSocketChannel other = ServerSocketChannel.open().bind(null)) {
      port = server.connector.getLocalPort();
      RawClient slow = connect().send("GET / HT");
      await().until(server::hasPartOfAHead);
      CompletableFuture<Integer> draining = server.drain();
      await().until(() -> RawClient.isRefused(port));

      port = other.socket().getLocalPort();
      RawClient late = connect();
      SocketChannel accepted = other.accept();
      accepted.configureBlocking(false);
      server.connector.getSelectorManager().accept(accepted);

      assertThat(late.rest()).isEmpty();
      assertThat(slow.send("TP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").rest())
          .isNotEmpty();
      assertThat(Waiting.result(draining)).isZero();
    }
  }

  private void start() {
    port = http.start(OPTIONS.with(new Timeouts(LONG, LONG, LONG, Duration.ZERO, LONG)));
  }

  private RawClient connect() throws IOException {
    RawClient client = new RawClient(port);
    clients.add(client);
    return client;
  }

  /** Begins to drain, and goes on when a connection has been closed because it was quiet. */
  private CompletableFuture<Void> drain() throws IOException {
    RawClient quiet = connect();
    assertThat(quiet.send(READY).until("\r\n\r\nready")).startsWith("HTTP/1.1 200");
    CompletableFuture<Void> closing = CompletableFuture.runAsync(() -> http.started.get(0).close());
    assertThat(quiet.rest()).isEmpty();
    return closing;
  }

  /** A connector of Jetty's whose timers never ring. */
  private static final class Bare implements AutoCloseable {
    final Server server = new Server();
    final ServerConnector connector =
        new ServerConnector(
            server, null, new LostTimers(), null, 1, -1, new HttpConnectionFactory());

    Bare() throws Exception {
      connector.setHost("127.0.0.1");
      connector.setIdleTimeout(LONG.toMillis());
      server.addConnector(connector);
      server.start();
    }

    boolean hasPartOfAHead() {
      return connector.getConnectedEndPoints().stream()
          .map(EndPoint::getConnection)
          .anyMatch(one -> one instanceof HttpConnection http && !http.getParser().isStart());
    }

    CompletableFuture<Integer> drain() {
      return CompletableFuture.supplyAsync(
          () -> {
            try {
              return new Draining(connector).run(LONG);
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
          });
    }

    @Override
    public void close() {
      try {
        server.stop();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static final class LostTimers extends AbstractLifeCycle implements Scheduler {
    @Override
    public Task schedule(Runnable task, long delay, TimeUnit units) {
      return () -> false;
    }
  }
}
