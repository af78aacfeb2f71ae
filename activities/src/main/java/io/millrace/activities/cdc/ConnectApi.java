package io.millrace.activities.cdc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Kafka Connect's REST interface, as far as one connector needs it. */
final class ConnectApi {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final int NOT_FOUND = 404;
  private static final int CONFLICT = 409;
  private static final int FAILED = 500;
  private static final int TRIES = 20;

  /** What a worker says whose write to its topic of settings failed, fenced off by another. */
  private static final String TRANSIENT = "can be safely retried";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final URI url;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  private final String token;

  ConnectApi(URI url) {
    this(url, "");
  }

  /** An empty token is not sent. */
  ConnectApi(URI url, String token) {
    this.url = url;
    this.token = token;
  }

  /** Whether the workers can run connectors of the class. */
  boolean hasPlugin(String connectorClass) {
    for (JsonNode plugin : send(request("/connector-plugins").GET()).orElseThrow()) {
      if (plugin.path("class").asText().equals(connectorClass)) {
        return true;
      }
    }
    return false;
  }

  /** Makes the connector, or gives the one that is there these settings. */
  void put(String connector, Map<String, String> settings) {
    String body = JSON.valueToTree(settings).toString();
    sendOrFail(
        request("/connectors/" + connector + "/config").PUT(BodyPublishers.ofString(body)),
        connector);
  }

  /** State of the connector and its tasks; empty if there is no such connector. */
  Optional<JsonNode> status(String connector) {
    return send(request("/connectors/" + connector + "/status").GET());
  }

  /** Has a connector that is stopped or paused run again, and what has failed try again. */
  void resume(String connector) {
    sendOrFail(
        request("/connectors/" + connector + "/resume").PUT(BodyPublishers.noBody()), connector);
    sendOrFail(
        request("/connectors/" + connector + "/restart?includeTasks=true&onlyFailed=true")
            .POST(BodyPublishers.noBody()),
        connector);
  }

  void stop(String connector) {
    sendOrFail(
        request("/connectors/" + connector + "/stop").PUT(BodyPublishers.noBody()), connector);
  }

  /** Forgets how far the connector has come; it must be stopped. */
  void forgetOffsets(String connector) {
    sendOrFail(request("/connectors/" + connector + "/offsets").DELETE(), connector);
  }

  void delete(String connector) {
    sendOrFail(request("/connectors/" + connector).DELETE(), connector);
  }

  private void sendOrFail(HttpRequest.Builder request, String connector) {
    if (send(request).isEmpty()) {
      throw CaptureException.refused(
          "Kafka Connect at %s has no connector %s: `millrace cdc register` makes it"
              .formatted(url, connector),
          null);
    }
  }

  /**
   * Empty for 404. Asked again, for up to five seconds: a worker that shares out its work (409), or
   * that says itself that its failure is a passing one.
   */
  private Optional<JsonNode> send(HttpRequest.Builder request) {
    for (int attempt = 1; ; attempt++) {
      HttpResponse<String> answer = exchange(request.build());
      int status = answer.statusCode();
      if (status == NOT_FOUND) {
        return Optional.empty();
      } else if (status < 300) {
        return Optional.of(json(answer.body()));
      } else if (!passes(answer) || attempt == TRIES) {
        throw CaptureException.refused(
            "Kafka Connect at %s refuses (%d): %s"
                .formatted(url, status, json(answer.body()).path("message").asText(answer.body())),
            null);
      }
      pause();
    }
  }

  private static boolean passes(HttpResponse<String> answer) {
    return answer.statusCode() == CONFLICT
        || (answer.statusCode() == FAILED && answer.body().contains(TRANSIENT));
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(url.resolve(path))
            .header("Content-Type", "application/json")
            .timeout(TIMEOUT);
    return token.isEmpty() ? request : request.header("Authorization", "Bearer " + token);
  }

  private HttpResponse<String> exchange(HttpRequest request) {
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw CaptureException.unreachable(
          e instanceof HttpTimeoutException
              ? "Kafka Connect at cdc.connect-url=%s did not answer within %d s: it is slow or hangs; try again"
                  .formatted(url, TIMEOUT.toSeconds())
              : "Kafka Connect at cdc.connect-url=%s does not answer (%s): start it with `millrace up --cdc`"
                  .formatted(
                      url,
                      e instanceof ConnectException ? "the connection was refused" : e.toString()),
          e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static JsonNode json(String body) {
    try {
      return body.isBlank() ? MissingNode.getInstance() : JSON.readTree(body);
    } catch (JsonProcessingException e) {
      return JSON.createObjectNode().put("message", body);
    }
  }

  static void pause() {
    try {
      Thread.sleep(Duration.ofMillis(250).toMillis());
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static CaptureException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return CaptureException.refused("Interrupted while waiting for Kafka Connect", e);
  }
}
