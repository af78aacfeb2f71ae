package io.millrace.activities.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.core.registry.RegistryException;
import io.millrace.core.registry.RegistryUnavailableException;
import io.millrace.core.serving.JsonFault;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Requests to an MLflow server, each with a timeout for its whole answer. What is idempotent is
 * repeated a few times if the server fails. Thread-safe.
 *
 * <p>Only MLflow itself can say that something is not there, by its error code: a 404 of a proxy or
 * of a wrong address is a server that gave no answer.
 */
final class MlflowHttp {
  private static final String API = "/api/2.0/mlflow/";
  private static final int TRIES = 3;
  private static final String NOT_THERE = "RESOURCE_DOES_NOT_EXIST";

  /** A file may take so many times as long as another answer. */
  private static final int LONGER = 10;

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
    return sendOptional(request(API + query).GET(), what, MlflowHttp::isMissing)
        .map(MlflowHttp::json);
  }

  /** GETs an alias; MLflow 3 calls one that is not there an invalid parameter. */
  Optional<JsonNode> getAlias(String query, String what) {
    return sendOptional(request(API + query).GET(), what, MlflowHttp::isMissingAlias)
        .map(MlflowHttp::json);
  }

  /** GETs a path of the server with its query; empty if there is no such thing. */
  Optional<JsonNode> getAbsolute(String query, String what) {
    return sendOptional(request(query).GET(), what, MlflowHttp::isMissing).map(MlflowHttp::json);
  }

  /** POSTs a question to an API path; empty if the server does not know the path. */
  Optional<JsonNode> postOptional(String path, ObjectNode body, String what) {
    HttpRequest.Builder request =
        request(API + path).POST(BodyPublishers.ofString(body.toString()));
    return sendOptional(request, what, answer -> answer.statusCode() == 404).map(MlflowHttp::json);
  }

  /** POSTs to an API path. */
  JsonNode post(String path, ObjectNode body, String what, boolean idempotent) {
    HttpRequest.Builder request =
        request(API + path).POST(BodyPublishers.ofString(body.toString()));
    return json(send(request, what, idempotent));
  }

  private Optional<byte[]> sendOptional(
      HttpRequest.Builder request, String what, Predicate<HttpResponse<byte[]>> missing) {
    return optional(repeat(request, what, true, config.timeout()), what, missing);
  }

  private Optional<byte[]> optional(
      HttpResponse<byte[]> response, String what, Predicate<HttpResponse<byte[]>> missing) {
    return response.statusCode() >= 400 && missing.test(response)
        ? Optional.empty()
        : Optional.of(checked(response, what));
  }

  private static boolean isMissing(HttpResponse<byte[]> response) {
    return errorCode(response).equals(NOT_THERE);
  }

  private static boolean isMissingAlias(HttpResponse<byte[]> response) {
    return isMissing(response)
        || (errorCode(response).equals("INVALID_PARAMETER_VALUE")
            && text(response.body()).contains("not found"));
  }

  /** MLflow's own word for an error; empty if the answer is not MLflow's. */
  private static String errorCode(HttpResponse<byte[]> response) {
    try {
      @Nullable JsonNode answer = JSON.readTree(response.body());
      return answer == null ? "" : answer.path("error_code").asText();
    } catch (IOException e) {
      return "";
    }
  }

  /** POSTs what may be there already; false if it is. */
  boolean create(String path, ObjectNode body, String what) {
    HttpResponse<byte[]> response =
        exchange(
            request(API + path).POST(BodyPublishers.ofString(body.toString())),
            what,
            config.timeout());
    if (response.statusCode() != 200 && text(response.body()).contains("RESOURCE_ALREADY_EXISTS")) {
      return false;
    }
    byte[] unused = checked(response, what);
    return true;
  }

  /** GETs a path of the server, empty if there is nothing. */
  Optional<byte[]> read(String path, String what) {
    Duration limit = config.timeout().multipliedBy(LONGER);
    return optional(repeat(request(path).GET(), what, true, limit), what, MlflowHttp::isMissing);
  }

  /** PUTs bytes to a path of the server. */
  void write(String path, byte[] bytes, String what) {
    byte[] unused = send(request(path).PUT(BodyPublishers.ofByteArray(bytes)), what, true);
  }

  /** DELETEs what a body names at an API path; it may be gone already. */
  void delete(String path, ObjectNode body, String what) {
    HttpRequest.Builder request =
        request(API + path).method("DELETE", BodyPublishers.ofString(body.toString()));
    Optional<byte[]> unused = sendOptional(request, what, MlflowHttp::isMissingAlias);
  }

  private byte[] send(HttpRequest.Builder request, String what, boolean idempotent) {
    return checked(repeat(request, what, idempotent, config.timeout().multipliedBy(LONGER)), what);
  }

  private byte[] checked(HttpResponse<byte[]> response, String what) {
    if (response.statusCode() != 200) {
      throw failure(what, response.statusCode(), text(response.body()));
    }
    return response.body();
  }

  private HttpResponse<byte[]> repeat(
      HttpRequest.Builder request, String what, boolean idempotent, Duration limit) {
    for (int attempt = 1; ; attempt++) {
      boolean last = !idempotent || attempt == TRIES;
      try {
        HttpResponse<byte[]> response = exchange(request, what, limit);
        if (response.statusCode() < 500 || last) {
          return response;
        }
      } catch (RegistryUnavailableException e) {
        if (last) {
          throw e;
        }
      }
      pause(attempt, what);
    }
  }

  /** The client's own timeout ends with the head of an answer, however slowly the rest comes. */
  private HttpResponse<byte[]> exchange(HttpRequest.Builder request, String what, Duration limit) {
    CompletableFuture<HttpResponse<byte[]>> answer =
        http.sendAsync(request.build(), BodyHandlers.ofByteArray());
    try {
      return answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw MlflowFailures.unavailable(url(), what, "no whole answer within " + limit);
    } catch (ExecutionException e) {
      throw MlflowFailures.unavailable(url(), what, String.valueOf(e.getCause()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw MlflowFailures.unavailable(url(), what, "interrupted");
    } finally {
      boolean unused = answer.cancel(true);
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

  private RegistryException failure(String what, int status, String answer) {
    return status >= 500 || status == 429 || status == 408 || status == 404
        ? MlflowFailures.unavailable(url(), what, "it answered " + status + " " + answer)
        : MlflowFailures.refused(url(), what, status, answer);
  }

  /** The server's host and port. */
  String authority() {
    return config.trackingUri().getAuthority();
  }

  /** Where the server is, for messages. */
  String url() {
    return config.trackingUri().toString();
  }

  private static JsonNode json(byte[] bytes) {
    try {
      return JSON.readTree(bytes);
    } catch (IOException e) {
      throw new RegistryUnavailableException(
          "MLflow's answer cannot be read: " + JsonFault.of(e), e);
    }
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
