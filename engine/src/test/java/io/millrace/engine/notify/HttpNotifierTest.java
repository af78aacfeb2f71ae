package io.millrace.engine.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.millrace.engine.notify.Notification.Level;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpNotifierTest {

  private static final Notification NOTICE =
      new Notification(
          Level.ERROR,
          "run <1> failed",
          "grind failed: a & b",
          Map.of("dag", "mill"),
          "http://ui/1",
          Instant.parse("2026-11-21T10:00:00Z"));

  private final Queue<JsonNode> received = new ConcurrentLinkedQueue<>();
  private volatile int status = 200;
  private HttpServer server;
  private URI address;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/secret-token", this::receive);
    server.start();
    address = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/secret-token");
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void aWebhookGetsAllThereIs() {
    new WebhookNotifier(address).send(NOTICE);

    assertThat(received.remove().toString())
        .isEqualTo(
            "{\"level\":\"error\",\"title\":\"run <1> failed\",\"text\":\"grind failed: a & b\","
                + "\"fields\":{\"dag\":\"mill\"},\"link\":\"http://ui/1\","
                + "\"at\":\"2026-11-21T10:00:00Z\"}");
  }

  @Test
  void slackGetsWhatItsWebhooksTake() {
    new SlackNotifier(address).send(NOTICE);

    JsonNode body = received.remove();
    assertThat(body.path("text").asText()).isEqualTo("run &lt;1&gt; failed");
    JsonNode attachment = body.path("attachments").path(0);
    assertThat(attachment.path("color").asText()).isEqualTo("danger");
    assertThat(attachment.path("text").asText()).isEqualTo("grind failed: a &amp; b");
    assertThat(attachment.path("title_link").asText()).isEqualTo("http://ui/1");
    assertThat(attachment.path("fields").path(0).toString())
        .isEqualTo("{\"title\":\"dag\",\"value\":\"mill\",\"short\":true}");
    assertThat(attachment.path("ts").asLong()).isEqualTo(1_795_255_200L);
  }

  @Test
  void aFailureSaysWhetherToTryAgainAndKeepsTheAddressSecret() {
    Notifier webhook = new WebhookNotifier(address);
    status = 404;
    assertThat(failure(webhook).isPermanent()).isTrue();
    status = 429;
    assertThat(failure(webhook).isPermanent()).isFalse();
    status = 503;
    assertThat(failure(webhook)).hasMessageContaining("HTTP status 503");
    server.stop(0);
    assertThat(failure(webhook).isPermanent()).isFalse();
    assertThat(failure(webhook))
        .hasMessageContaining("cannot be reached")
        .hasMessageContaining("127.0.0.1:" + address.getPort())
        .hasMessageNotContaining("secret-token");
  }

  @Test
  void severalAreToldEvenIfOneFails() {
    Queue<Notification> told = new ConcurrentLinkedQueue<>();
    status = 500;
    Notifiers notifiers =
        new Notifiers(
            Map.of("web", new WebhookNotifier(address), "list", told::add), List.of("web", "list"));

    assertThatThrownBy(() -> notifiers.together(List.of()).send(NOTICE))
        .isInstanceOf(NotifyException.class);
    assertThat(told).containsExactly(NOTICE);
  }

  private static NotifyException failure(Notifier notifier) {
    try {
      notifier.send(NOTICE);
    } catch (NotifyException e) {
      return e;
    }
    throw new AssertionError("it was delivered");
  }

  private void receive(HttpExchange exchange) throws IOException {
    try (exchange) {
      received.add(new ObjectMapper().readTree(exchange.getRequestBody()));
      exchange.sendResponseHeaders(status, -1);
    }
  }
}
