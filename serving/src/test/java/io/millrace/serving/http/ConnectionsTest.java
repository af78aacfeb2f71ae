package io.millrace.serving.http;

import static io.millrace.serving.http.LengthServer.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.testing.Waiting;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of connections: many of them, slow ones, and those of a server that stops. */
class ConnectionsTest {
  private static final String READY =
      "GET /health/ready HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\n\r\n";

  private final LengthServer http = new LengthServer();
  private final List<RawClient> clients = new ArrayList<>();

  @AfterEach
  void close() throws IOException {
    http.close();
    for (RawClient client : clients) {
      client.close();
    }
  }

  @Test
  void whatComesOnKeptConnectionsWhileItDrainsIsAnsweredOrNotTakenAtAll() throws Exception {
    int port = http.start(OPTIONS.with(Timeouts.DEFAULT.stopping(Duration.ZERO, Waiting.LIMIT)));
    CompletableFuture<Integer> slow =
        CompletableFuture.supplyAsync(() -> http.status(port, "/slow"));
    http.begun.await();
    connect(port, 50);

    CompletableFuture<Void> closing = CompletableFuture.runAsync(() -> http.started.get(0).close());
    await().pollInterval(Duration.ofMillis(1)).until(() -> RawClient.isRefused(port));
    for (RawClient kept : clients) {
      // A proxy asks another server when it finds its connection closed; a 503 it passes on.
      assertThat(kept.askAgain("GET /long/1 HTTP/1.1\r\nHost: localhost\r\n\r\n"))
          .doesNotContain(" 503 ");
    }

    http.gate.countDown();
    closing.join();
    assertThat(slow.get()).isEqualTo(200);
  }

  @Test
  void oneCostsLittleMemory() throws Exception {
    int port = http.start(OPTIONS);
    connect(port, 1);
    long before = usedBytes();

    connect(port, 500);

    assertThat((usedBytes() - before) / 500).isLessThan(20_000);
  }

  @Test
  void aClientThatTakesTooLongToReadALongAnswerIsCutOff() throws Exception {
    Duration never = Duration.ofMinutes(10);
    Duration answer = Duration.ofMillis(300);
    int port =
        http.start(
            OPTIONS.with(new Timeouts(never, never, answer, Duration.ZERO, Duration.ofSeconds(5))));
    RawClient client = new RawClient(port);
    clients.add(client);

    client.send("GET /long/4000 HTTP/1.1\r\nHost: localhost\r\n\r\n");

    await().until(() -> http.started.get(0).inProgress() == 1);
    await().until(() -> http.started.get(0).inProgress() == 0);
    assertThat(client.rest().length()).isLessThan(4_000 * 5_000);
  }

  @Test
  void aServerThatIsSlowItselfCutsOffNobody() throws Exception {
    int port = http.start(OPTIONS);

    assertThat(LengthServer.text(http.get(port, "/halting"))).isEqualTo("first, second");
  }

  /** Opens connections over which two requests are answered. */
  private void connect(int port, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      RawClient client = new RawClient(port);
      clients.add(client);
      for (int request = 0; request < 2; request++) {
        assertThat(client.send(READY).until("\r\n\r\nready")).startsWith("HTTP/1.1 200");
      }
    }
  }

  private static long usedBytes() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
