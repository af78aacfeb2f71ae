package io.millrace.activities.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.workflows.training.TrainingFailures;
import io.temporal.failure.ApplicationFailure;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

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

  /** A registered model: its aliases with the version of each, and its tags. */
  public record Model(String name, Map<String, String> aliases, Map<String, String> tags) {
    public Model {
      aliases = Map.copyOf(aliases);
      tags = Map.copyOf(tags);
    }
  }

  private static final int PAGE = 200;
  private static final String ARTIFACTS_LIST = "/api/2.0/mlflow-artifacts/artifacts";
  private static final String ARTIFACTS = ARTIFACTS_LIST + "/";
  private static final String PROXIED = "mlflow-artifacts:/";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final MlflowHttp http;

  public MlflowRegistry(MlflowConfig config) {
    this.http = new MlflowHttp(config);
  }

  /**
   * Writes or replaces an artifact.
   *
   * @param artifactUri of the run or version, as MLflow states it
   */
  public void putArtifact(String artifactUri, String path, byte[] bytes) {
    http.write(artifactPath(artifactUri, path), bytes, "write artifact " + path);
  }

  /** Reads an artifact, empty if there is none. */
  public Optional<byte[]> artifact(String artifactUri, String path) {
    return http.read(artifactPath(artifactUri, path), "read artifact " + path);
  }

  /** The names of the files right below a run's or version's artifacts. */
  public Set<String> files(String artifactUri) {
    String path = artifactPath(artifactUri, "").replaceFirst("/$", "");
    String query = ARTIFACTS_LIST + "?path=" + encode(path.substring(ARTIFACTS.length()));
    Set<String> names = new TreeSet<>();
    http.getAbsolute(query, "list artifacts")
        .ifPresent(answer -> answer.path("files").forEach(file -> names.add(name(file))));
    return names;
  }

  private static String name(JsonNode file) {
    String path = file.path("path").asText();
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** Makes the registered model if it is not there. */
  public void ensureModel(String name, String description) {
    if (http.get("registered-models/get?name=" + encode(name), "find model " + name).isPresent()) {
      return;
    }
    ObjectNode body = JSON.createObjectNode().put("name", name).put("description", description);
    boolean unused = http.create("registered-models/create", body, "create model " + name);
  }

  /** A registered model, if there is one of this name. */
  public Optional<Model> model(String name) {
    return http.get("registered-models/get?name=" + encode(name), "find model " + name)
        .map(answer -> model(answer.path("registered_model")));
  }

  /** All registered models. */
  public List<Model> models() {
    List<Model> models = new ArrayList<>();
    String token = "";
    do {
      String page = "registered-models/search?max_results=" + PAGE;
      JsonNode answer =
          http.get(token.isEmpty() ? page : page + "&page_token=" + encode(token), "list models")
              .orElseGet(JSON::createObjectNode);
      answer.path("registered_models").forEach(node -> models.add(model(node)));
      token = answer.path("next_page_token").asText();
    } while (!token.isEmpty());
    return models;
  }

  /** Sets a tag of a registered model. */
  public void setModelTag(String name, String key, String value) {
    ObjectNode body = JSON.createObjectNode().put("name", name).put("key", key).put("value", value);
    JsonNode unused = http.post("registered-models/set-tag", body, "tag model " + name, true);
  }

  private static Model model(JsonNode node) {
    Map<String, String> aliases = new HashMap<>();
    node.path("aliases")
        .forEach(one -> aliases.put(one.path("alias").asText(), one.path("version").asText()));
    return new Model(node.path("name").asText(), aliases, tags(node));
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
    return version(http.post("model-versions/create", body, "register " + name, false));
  }

  /** The versions of a model that a run made, oldest first. */
  public List<Version> versionsOfRun(String name, String runId) {
    String filter = encode("name='%s' and run_id='%s'".formatted(name, runId));
    Optional<JsonNode> found =
        http.get(
            "model-versions/search?max_results=100&filter=" + filter, "versions of run " + runId);
    List<Version> versions = new ArrayList<>();
    found.ifPresent(
        answer -> answer.path("model_versions").forEach(one -> versions.add(parse(one))));
    versions.sort((a, b) -> Integer.compare(number(a), number(b)));
    return versions;
  }

  /** The params that were logged to a run; none if there is no such run. */
  public Map<String, String> runParams(String runId) {
    Map<String, String> params = new HashMap<>();
    http.get("runs/get?run_id=" + encode(runId), "find run " + runId)
        .ifPresent(
            answer ->
                answer
                    .path("run")
                    .path("data")
                    .path("params")
                    .forEach(
                        one -> params.put(one.path("key").asText(), one.path("value").asText())));
    return params;
  }

  /** One version. */
  public Version version(String name, String version) {
    String query = "model-versions/get?name=%s&version=%s".formatted(encode(name), encode(version));
    String what = "find " + name + " version " + version;
    return http.get(query, what)
        .map(MlflowRegistry::version)
        .orElseThrow(
            () -> MlflowFailures.refused(http.url(), what, 404, "there is no such version"));
  }

  /** The version that an alias points at. */
  public Optional<Version> byAlias(String name, String alias) {
    String query =
        "registered-models/alias?name=%s&alias=%s".formatted(encode(name), encode(alias));
    return http.get(query, "alias " + name + "@" + alias)
        .map(answer -> parse(answer.path("model_version")));
  }

  /** Points an alias at a version: one move, seen by all at once. */
  public void setAlias(String name, String alias, String version) {
    ObjectNode body =
        JSON.createObjectNode().put("name", name).put("alias", alias).put("version", version);
    JsonNode unused =
        http.post("registered-models/alias", body, "alias " + name + "@" + alias, true);
  }

  /** Takes an alias from a model; it may not be there. */
  public void deleteAlias(String name, String alias) {
    String query =
        "registered-models/alias?name=%s&alias=%s".formatted(encode(name), encode(alias));
    http.delete(query, "delete alias " + name + "@" + alias);
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
        http.post("model-versions/set-tag", body, "tag " + name + " version " + version, true);
  }

  private static Version version(JsonNode answer) {
    return parse(answer.path("model_version"));
  }

  private static Version parse(JsonNode node) {
    return new Version(
        node.path("name").asText(),
        node.path("version").asText(),
        node.path("run_id").asText(),
        node.path("source").asText(),
        tags(node));
  }

  private static Map<String, String> tags(JsonNode node) {
    Map<String, String> tags = new HashMap<>();
    node.path("tags")
        .forEach(tag -> tags.put(tag.path("key").asText(), tag.path("value").asText()));
    return tags;
  }

  static int number(Version version) {
    return Integer.parseInt(version.version());
  }

  private String artifactPath(String artifactUri, String path) {
    if (!artifactUri.startsWith(PROXIED)) {
      throw ApplicationFailure.newNonRetryableFailure(
          "MLflow at %s keeps artifacts at '%s', which it does not serve; start it with"
                  .formatted(http.url(), artifactUri)
              + " --serve-artifacts --artifacts-destination",
          TrainingFailures.REGISTRY_REFUSED);
    }
    String base = artifactUri.substring(PROXIED.length()).replaceFirst("^/*", "");
    return ARTIFACTS + base + "/" + path;
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
