package io.millrace.activities.cdc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConnectApiTest {
  private static final String TRANSIENT =
      "Failed to write to config topic; this may be due to a transient error and the request can be"
          + " safely retried";

  private record Answer(int status, String message) {}

  private final Deque<Answer> answers = new ArrayDeque<>();
  private HttpServer server;
  private ConnectApi connect;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          Answer answer = answers.remove();
          byte[] body =
              "{\"error_code\":%d,\"message\":\"%s\"}"
                  .formatted(answer.status(), answer.message())
                  .getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(answer.status(), body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    connect = new ConnectApi(URI.create("http://127.0.0.1:" + server.getAddress().getPort()));
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void asksAgainWhatPassesByItself() {
    answers.add(new Answer(409, "Cannot complete request momentarily due to a rebalance"));
    answers.add(new Answer(500, TRANSIENT));
    answers.add(new Answer(202, ""));

    connect.stop("millrace-cdc");

    assertThat(answers).isEmpty();
  }

  @Test
  void failsWithAnyOtherError() {
    answers.add(new Answer(500, "Request timed out"));
    answers.add(new Answer(202, ""));

    assertThatThrownBy(() -> connect.stop("millrace-cdc"))
        .isInstanceOf(CaptureException.class)
        .hasMessageEndingWith("refuses (500): Request timed out");
    assertThat(answers).hasSize(1);
  }
}
