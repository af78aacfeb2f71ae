package io.millrace.activities.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.minio.MinioClient;
import io.temporal.failure.ApplicationFailure;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * MLflow's model registry and artifacts over plain HTTP, without a Python.
 *
 * <p>Every request has a timeout. A GET, an artifact PUT, a tag and an alias are repeated a few
 * times if the server fails, as repeating them changes nothing; what creates is not. Thread-safe.
 */
public final class MlflowRegistry {
  /**
   * One version of a registered model.
   *
   * @param created when it was registered, milliseconds since 1970; a model that is deleted and
   *     made again has other versions of the same numbers
   * @param updated when anything about it was last changed
   */
  public record Version(
      String name,
      String version,
      String runId,
      String source,
      Map<String, String> tags,
      long created,
      long updated) {
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
  private static final ObjectMapper JSON = new ObjectMapper();

  private final MlflowHttp http;
  private final ArtifactSources sources;

  /** Reads artifacts through the server alone. */
  public MlflowRegistry(MlflowConfig config) {
    this(config, null);
  }

  /**
   * Reads artifacts through the server, and those in S3 there.
   *
   * @param s3 has the timeouts for it; null if there is no key
   */
  public MlflowRegistry(MlflowConfig config, @Nullable MinioClient s3) {
    this.http = new MlflowHttp(config);
    this.sources = new ArtifactSources(http, s3);
  }

  /**
   * Writes or replaces an artifact.
   *
   * @param artifactUri of the run or version, as MLflow states it
   */
  public void putArtifact(String artifactUri, String path, byte[] bytes) {
    sources.writable(artifactUri).write(path, bytes);
  }

  /** Reads an artifact of a run or version, as MLflow states its URI; empty if there is none. */
  public Optional<byte[]> artifact(String artifactUri, String path) {
    return sources.of(artifactUri).read(path);
  }

  /**
   * The files of a version, wherever they are.
   *
   * @throws ApplicationFailure not retryable if they are where nobody but their writer can read
   *     them, saying what to do
   */
  public ArtifactFolder artifacts(Version version) {
    return sources.of(version);
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

  /** One version, which must be there. */
  public Version version(String name, String version) {
    return findVersion(name, version)
        .orElseThrow(
            () ->
                MlflowFailures.refused(
                    http.url(),
                    "find " + name + " version " + version,
                    404,
                    "there is no such version"));
  }

  /** One version, if MLflow has it. */
  public Optional<Version> findVersion(String name, String version) {
    String query = "model-versions/get?name=%s&version=%s".formatted(encode(name), encode(version));
    return http.get(query, "find " + name + " version " + version).map(MlflowRegistry::version);
  }

  /** The version that an alias points at. */
  public Optional<Version> byAlias(String name, String alias) {
    String query =
        "registered-models/alias?name=%s&alias=%s".formatted(encode(name), encode(alias));
    return http.getAlias(query, "find alias " + name + "@" + alias)
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
        tags(node),
        node.path("creation_timestamp").asLong(),
        node.path("last_updated_timestamp").asLong());
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

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
