package io.millrace.activities.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.core.registry.ModelVersion;
import io.millrace.core.registry.NotRegisteredException;
import io.millrace.core.registry.RegisteredModel;
import io.millrace.core.registry.RegistryRefusedException;
import io.millrace.core.registry.RegistryStore;
import io.minio.MinioClient;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
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
public final class MlflowRegistry implements RegistryStore {
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
   * @throws RegistryRefusedException if they are where only their writer can read them, saying what
   *     to do
   */
  public ArtifactFolder artifacts(ModelVersion version) {
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

  @Override
  public Optional<RegisteredModel> model(String name) {
    return http.get("registered-models/get?name=" + encode(name), "find model " + name)
        .map(answer -> model(answer.path("registered_model")));
  }

  /** All registered models. */
  public List<RegisteredModel> models() {
    List<RegisteredModel> models = new ArrayList<>();
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

  @Override
  public void setModelTag(String name, String key, @Nullable String value) {
    ObjectNode body = JSON.createObjectNode().put("name", name).put("key", key);
    if (value == null) {
      http.delete("registered-models/delete-tag", body, "remove a tag of model " + name);
    } else {
      JsonNode unused =
          http.post(
              "registered-models/set-tag", body.put("value", value), "tag model " + name, true);
    }
  }

  private static RegisteredModel model(JsonNode node) {
    Map<String, String> aliases = new HashMap<>();
    node.path("aliases")
        .forEach(one -> aliases.put(one.path("alias").asText(), one.path("version").asText()));
    return new RegisteredModel(node.path("name").asText(), aliases, tags(node));
  }

  /** Registers a version. Not repeated on failure: look for it first. */
  public ModelVersion createVersion(
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
  public List<ModelVersion> versionsOfRun(String name, String runId) {
    return search("name='%s' and run_id='%s'".formatted(name, runId), "versions of run " + runId);
  }

  @Override
  public List<ModelVersion> versions(String name) {
    return search("name='%s'".formatted(name.replace("'", "")), "versions of " + name);
  }

  private List<ModelVersion> search(String filter, String what) {
    String path = "model-versions/search?max_results=%d&filter=%s".formatted(PAGE, encode(filter));
    List<ModelVersion> versions = new ArrayList<>();
    String token = "";
    do {
      JsonNode answer =
          http.get(token.isEmpty() ? path : path + "&page_token=" + encode(token), what)
              .orElseGet(JSON::createObjectNode);
      answer.path("model_versions").forEach(one -> versions.add(parse(one)));
      token = answer.path("next_page_token").asText();
    } while (!token.isEmpty());
    versions.sort(Comparator.comparingInt(MlflowRegistry::number));
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

  /**
   * One version.
   *
   * @throws NotRegisteredException if there is no such version
   */
  public ModelVersion version(String name, String version) {
    return findVersion(name, version)
        .orElseThrow(() -> NotRegisteredException.version(name, version));
  }

  @Override
  public Optional<ModelVersion> findVersion(String name, String version) {
    // MLflow's versions are numbers, and it takes others for a mistake in the request.
    if (version.isEmpty() || !version.chars().allMatch(letter -> letter >= '0' && letter <= '9')) {
      return Optional.empty();
    }
    String query = "model-versions/get?name=%s&version=%s".formatted(encode(name), encode(version));
    return http.get(query, "find " + name + " version " + version).map(MlflowRegistry::version);
  }

  /** The version that an alias points at. */
  public Optional<ModelVersion> byAlias(String name, String alias) {
    String query =
        "registered-models/alias?name=%s&alias=%s".formatted(encode(name), encode(alias));
    return http.getAlias(query, "find alias " + name + "@" + alias)
        .map(answer -> parse(answer.path("model_version")));
  }

  @Override
  public void setAlias(String name, String alias, @Nullable String version) {
    ObjectNode body = JSON.createObjectNode().put("name", name).put("alias", alias);
    String what = "alias " + name + "@" + alias;
    if (version == null) {
      http.delete("registered-models/alias", body, "delete " + what);
    } else {
      JsonNode unused =
          http.post("registered-models/alias", body.put("version", version), what, true);
    }
  }

  @Override
  public void setVersionTag(String name, String version, String key, @Nullable String value) {
    ObjectNode body =
        JSON.createObjectNode().put("name", name).put("version", version).put("key", key);
    String what = "tag " + name + " version " + version;
    if (value == null) {
      http.delete("model-versions/delete-tag", body, "un" + what);
    } else {
      JsonNode unused = http.post("model-versions/set-tag", body.put("value", value), what, true);
    }
  }

  private static ModelVersion version(JsonNode answer) {
    return parse(answer.path("model_version"));
  }

  private static ModelVersion parse(JsonNode node) {
    return new ModelVersion(
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

  static int number(ModelVersion version) {
    return Integer.parseInt(version.version());
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
