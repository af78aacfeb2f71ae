package io.millrace.activities.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.workflows.training.TrainingFailures;
import io.temporal.failure.ApplicationFailure;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Requests to an MLflow server, each with a timeout. What is idempotent is repeated a few times if
 * the server fails. Thread-safe.
 */
final class MlflowHttp {
  private static final String API = "/api/2.0/mlflow/";
  private static final int TRIES = 3;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final MlflowConfig config;
  private final HttpClient http;

  MlflowHttp(MlflowConfig config) {
    this.config = config;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(config.timeout())
            .build();
  }

  /** GETs an API path with its query; empty if there is no such thing. */
  Optional<JsonNode> get(String query, String what) {
    return sendOptional(request(API + query).GET(), what).map(MlflowHttp::json);
  }

  /** GETs a path of the server with its query; empty if there is no such thing. */
  Optional<JsonNode> getAbsolute(String query, String what) {
    return sendOptional(request(query).GET(), what).map(MlflowHttp::json);
  }

  /** POSTs to an API path. */
  JsonNode post(String path, ObjectNode body, String what, boolean idempotent) {
    HttpRequest.Builder request =
        request(API + path).POST(BodyPublishers.ofString(body.toString()));
    return json(send(request, what, idempotent));
  }

  private Optional<byte[]> sendOptional(HttpRequest.Builder request, String what) {
    HttpResponse<byte[]> response = repeat(request, what, true);
    if (response.statusCode() == 404
        || (response.statusCode() == 400 && isMissing(text(response.body())))) {
      return Optional.empty();
    }
    return Optional.of(checked(response, what));
  }

  /** A missing alias is INVALID_PARAMETER_VALUE in MLflow 3, not RESOURCE_DOES_NOT_EXIST. */
  private static boolean isMissing(String answer) {
    return answer.contains("RESOURCE_DOES_NOT_EXIST") || answer.contains("not found");
  }

  /** POSTs what may be there already; false if it is. */
  boolean create(String path, ObjectNode body, String what) {
    HttpResponse<byte[]> response =
        exchange(request(API + path).POST(BodyPublishers.ofString(body.toString())), what);
    if (response.statusCode() != 200 && text(response.body()).contains("RESOURCE_ALREADY_EXISTS")) {
      return false;
    }
    byte[] unused = checked(response, what);
    return true;
  }

  /** GETs a path of the server, empty if there is nothing. */
  Optional<byte[]> read(String path, String what) {
    return sendOptional(request(path).GET(), what);
  }

  /** PUTs bytes to a path of the server. */
  void write(String path, byte[] bytes, String what) {
    byte[] unused = send(request(path).PUT(BodyPublishers.ofByteArray(bytes)), what, true);
  }

  /** DELETEs an API path with its query, which may be gone already. */
  void delete(String query, String what) {
    Optional<byte[]> unused = sendOptional(request(API + query).DELETE(), what);
  }

  private byte[] send(HttpRequest.Builder request, String what, boolean idempotent) {
    return checked(repeat(request, what, idempotent), what);
  }

  private byte[] checked(HttpResponse<byte[]> response, String what) {
    if (response.statusCode() != 200) {
      throw failure(what, response.statusCode(), text(response.body()));
    }
    return response.body();
  }

  private HttpResponse<byte[]> repeat(
      HttpRequest.Builder request, String what, boolean idempotent) {
    for (int attempt = 1; ; attempt++) {
      boolean last = !idempotent || attempt == TRIES;
      try {
        HttpResponse<byte[]> response = exchange(request, what);
        if (response.statusCode() < 500 || last) {
          return response;
        }
      } catch (ApplicationFailure e) {
        if (last) {
          throw e;
        }
      }
      pause(attempt, what);
    }
  }

  private HttpResponse<byte[]> exchange(HttpRequest.Builder request, String what) {
    try {
      return http.send(request.build(), BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw MlflowFailures.unavailable(url(), what, e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw MlflowFailures.unavailable(url(), what, "interrupted");
    }
  }

  private void pause(int attempt, String what) {
    try {
      TimeUnit.MILLISECONDS.sleep(200L << attempt);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw MlflowFailures.unavailable(url(), what, "interrupted");
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(config.trackingUri() + path))
        .timeout(config.timeout())
        .header("Content-Type", "application/json");
  }

  private ApplicationFailure failure(String what, int status, String answer) {
    return status >= 500 || status == 429
        ? MlflowFailures.unavailable(url(), what, status + " " + answer)
        : MlflowFailures.refused(url(), what, status, answer);
  }

  /** Where the server is, for messages. */
  String url() {
    return config.trackingUri().toString();
  }

  private static JsonNode json(byte[] bytes) {
    try {
      return JSON.readTree(bytes);
    } catch (IOException e) {
      throw ApplicationFailure.newFailure(
          "MLflow answered what is not JSON: " + e.getMessage(), TrainingFailures.UNAVAILABLE);
    }
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
