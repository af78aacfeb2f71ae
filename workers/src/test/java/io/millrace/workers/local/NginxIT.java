package io.millrace.workers.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.millrace.stack.process.Ports;
import io.millrace.testing.Waiting;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The proxy, a real one, before replicas that do as the tests say. */
class NginxIT {
  private static final String BODY = "{\"instances\":[]}";

  private final HttpClient http = HttpClient.newBuilder().connectTimeout(Waiting.LIMIT).build();
  private final Replica one = new Replica();
  private final Replica other = new Replica();
  private final int port = Ports.free(1).get(0);
  private Process nginx;

  /** Answers with 200, but does something else first, as often as it is told. */
  private static final class Replica {
    final HttpServer server;
    final AtomicInteger refusals = new AtomicInteger();
    final AtomicInteger breaks = new AtomicInteger();
    final AtomicInteger answered = new AtomicInteger();

    Replica() {
      try {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      } catch (IOException e) {
        throw new IllegalStateException("no port for a replica", e);
      }
      server.setExecutor(Executors.newCachedThreadPool());
      server.createContext("/", this::answer);
      server.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
      byte[] body = exchange.getRequestBody().readAllBytes();
      if (takes(breaks)) {
        throw new IOException("the connection breaks");
      }
      boolean refuses = takes(refusals);
      answered.addAndGet(refuses ? 0 : 1);
      exchange.sendResponseHeaders(refuses ? 503 : 200, Math.max(1, body.length));
      exchange.getResponseBody().write(body.length == 0 ? new byte[] {'-'} : body);
      exchange.close();
    }

    private static boolean takes(AtomicInteger count) {
      return count.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
    }

    int port() {
      return server.getAddress().getPort();
    }
  }

  @BeforeEach
  void start(@TempDir Path folder) throws IOException {
    nginx =
        new ProcessBuilder(new Nginx(folder, port, List.of(one.port(), other.port())).command())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("nginx.log").toFile())
            .start();
    await().ignoreExceptionsInstanceOf(IOException.class).until(() -> post() == 200);
  }

  @AfterEach
  void stop() throws InterruptedException {
    nginx.destroy();
    int unused = Waiting.ended(nginx);
    one.server.stop(0);
    other.server.stop(0);
  }

  @Test
  void asksTheOtherWhenOneIsGone() throws Exception {
    one.server.stop(0);
    for (int i = 0; i < 20; i++) {
      assertThat(post()).isEqualTo(200);
    }
    assertThat(other.answered.get()).isGreaterThanOrEqualTo(20);
  }

  @Test
  void asksTheOtherWhenOneBreaksOff() throws Exception {
    one.breaks.set(Integer.MAX_VALUE);
    for (int i = 0; i < 20; i++) {
      assertThat(post()).isEqualTo(200);
    }
  }

  /**
   * One that has too much to do says so to the client: asking the other would give that too much.
   */
  @Test
  void passesARefusalOnAndAsksTheSameReplicaAgain() throws Exception {
    other.server.stop(0);
    one.refusals.set(10);
    for (int i = 0; i < 10; i++) {
      assertThat(post()).isEqualTo(503);
    }
    assertThat(post()).isEqualTo(200);
  }

  /** While both are passed over, a client must not be told that there is nobody. */
  @Test
  void asksTheOneThatIsLeftAgainAfterItBrokeOff() throws Exception {
    one.server.stop(0);
    for (int i = 0; i < 5; i++) {
      assertThat(post()).isEqualTo(200);
    }
    other.breaks.set(1);
    assertThat(post()).isEqualTo(200);
  }

  private int post() throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/predict"))
            .timeout(Waiting.LIMIT)
            .POST(BodyPublishers.ofString(BODY))
            .build();
    return http.send(request, BodyHandlers.discarding()).statusCode();
  }
}
