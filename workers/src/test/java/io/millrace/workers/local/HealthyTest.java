package io.millrace.workers.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.millrace.testing.Waiting;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

/** The health check of the image. */
class HealthyTest {
  @Test
  void isSoWhenTheServerAnswers200() throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/health/live", exchange -> answer(exchange, 200));
    server.createContext("/health/ready", exchange -> answer(exchange, 503));
    server.start();
    int port = server.getAddress().getPort();
    try {
      assertThat(exitCode("/health/live", port)).isZero();
      assertThat(exitCode("/health/ready", port)).isNotZero();
    } finally {
      server.stop(0);
    }
    assertThat(exitCode("/health/live", port)).isNotZero();
  }

  private static void answer(com.sun.net.httpserver.HttpExchange exchange, int status)
      throws IOException {
    exchange.sendResponseHeaders(status, -1);
    exchange.close();
  }

  private static int exitCode(String path, int port) throws Exception {
    Process process =
        new ProcessBuilder("../deploy/docker/healthy", path, Integer.toString(port)).start();
    return Waiting.ended(process);
  }
}
