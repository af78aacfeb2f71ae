package io.millrace.activities.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.workflows.training.TrainingFailures;
import io.temporal.failure.ApplicationFailure;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * MLflow's model registry and artifacts over plain HTTP, without a Python.
 *
 * <p>Every request has a timeout. A GET, an artifact PUT, a tag and an alias are repeated a few
 * times if the server fails, as repeating them changes nothing; what creates is not. Thread-safe.
 */
public final class MlflowRegistry {
  /** One version of a registered model. */
  public record Version(
      String name, String version, String runId, String source, Map<String, String> tags) {
    public Version {
      tags = Map.copyOf(tags);
    }
  }

  private static final String API = "/api/2.0/mlflow/";
  private static final String ARTIFACTS = "/api/2.0/mlflow-artifacts/artifacts/";
  private static final String PROXIED = "mlflow-artifacts:/";
  private static final int TRIES = 3;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final MlflowConfig config;
  private final HttpClient http;

  public MlflowRegistry(MlflowConfig config) {
    this.config = config;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(config.timeout())
            .build();
  }

  /**
   * Writes or replaces an artifact.
   *
   * @param artifactUri of the run or version, as MLflow states it
   */
  public void putArtifact(String artifactUri, String path, byte[] bytes) {
    HttpRequest.Builder request =
        request(artifactPath(artifactUri, path)).PUT(BodyPublishers.ofByteArray(bytes));
    byte[] unused = send(request, "write artifact " + path, true);
  }

  /** Reads an artifact, empty if there is none. */
  public Optional<byte[]> artifact(String artifactUri, String path) {
    return sendOptional(request(artifactPath(artifactUri, path)).GET(), "read artifact " + path);
  }

  /** Makes the registered model if it is not there. */
  public void ensureModel(String name, String description) {
    if (get("registered-models/get?name=" + encode(name), "find model " + name).isPresent()) {
      return;
    }
    ObjectNode body = JSON.createObjectNode().put("name", name).put("description", description);
    HttpRequest.Builder request =
        request(API + "registered-models/create").POST(BodyPublishers.ofString(body.toString()));
    HttpResponse<byte[]> response = exchange(request, "create model " + name);
    String answer = text(response.body());
    if (response.statusCode() != 200 && !answer.contains("RESOURCE_ALREADY_EXISTS")) {
      throw failure("create model " + name, response.statusCode(), answer);
    }
  }

  /** Registers a version. Not repeated on failure: look for it first. */
  public Version createVersion(
      String name, String runId, String source, String description, Map<String, String> tags) {
    ObjectNode body =
        JSON.createObjectNode()
            .put("name", name)
            .put("run_id", runId)
            .put("source", source)
            .put("description", description);
    ArrayNode list = body.putArray("tags");
    tags.forEach((key, value) -> list.addObject().put("key", key).put("value", value));
    return version(post("model-versions/create", body, "register " + name, false));
  }

  /** The versions of a model that a run made, oldest first. */
  public List<Version> versionsOfRun(String name, String runId) {
    String filter = encode("name='%s' and run_id='%s'".formatted(name, runId));
    Optional<JsonNode> found =
        get("model-versions/search?max_results=100&filter=" + filter, "versions of run " + runId);
    List<Version> versions = new ArrayList<>();
    found.ifPresent(
        answer -> answer.path("model_versions").forEach(one -> versions.add(parse(one))));
    versions.sort((a, b) -> Integer.compare(number(a), number(b)));
    return versions;
  }

  /** One version. */
  public Version version(String name, String version) {
    String query = "model-versions/get?name=%s&version=%s".formatted(encode(name), encode(version));
    String what = "find " + name + " version " + version;
    return get(query, what)
        .map(MlflowRegistry::version)
        .orElseThrow(() -> MlflowFailures.refused(url(), what, 404, "there is no such version"));
  }

  /** The version that an alias points at. */
  public Optional<Version> byAlias(String name, String alias) {
    String query =
        "registered-models/alias?name=%s&alias=%s".formatted(encode(name), encode(alias));
    return get(query, "alias " + name + "@" + alias)
        .map(answer -> parse(answer.path("model_version")));
  }

  /** Points an alias at a version: one move, seen by all at once. */
  public void setAlias(String name, String alias, String version) {
    ObjectNode body =
        JSON.createObjectNode().put("name", name).put("alias", alias).put("version", version);
    JsonNode unused = post("registered-models/alias", body, "alias " + name + "@" + alias, true);
  }

  /** Sets a tag of a version. */
  public void setVersionTag(String name, String version, String key, String value) {
    ObjectNode body =
        JSON.createObjectNode()
            .put("name", name)
            .put("version", version)
            .put("key", key)
            .put("value", value);
    JsonNode unused =
        post("model-versions/set-tag", body, "tag " + name + " version " + version, true);
  }

  private static Version version(JsonNode answer) {
    return parse(answer.path("model_version"));
  }

  private static Version parse(JsonNode node) {
    Map<String, String> tags = new HashMap<>();
    node.path("tags")
        .forEach(tag -> tags.put(tag.path("key").asText(), tag.path("value").asText()));
    return new Version(
        node.path("name").asText(),
        node.path("version").asText(),
        node.path("run_id").asText(),
        node.path("source").asText(),
        tags);
  }

  static int number(Version version) {
    return Integer.parseInt(version.version());
  }

  private String artifactPath(String artifactUri, String path) {
    if (!artifactUri.startsWith(PROXIED)) {
      throw ApplicationFailure.newNonRetryableFailure(
          "MLflow at %s keeps artifacts at '%s', which it does not serve; start it with"
                  .formatted(config.trackingUri(), artifactUri)
              + " --serve-artifacts --artifacts-destination",
          TrainingFailures.REGISTRY_REFUSED);
    }
    String base = artifactUri.substring(PROXIED.length()).replaceFirst("^/*", "");
    return ARTIFACTS + base + "/" + path;
  }

  private Optional<JsonNode> get(String query, String what) {
    return sendOptional(request(API + query).GET(), what).map(MlflowRegistry::json);
  }

  private JsonNode post(String path, ObjectNode body, String what, boolean idempotent) {
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

  private String url() {
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

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
