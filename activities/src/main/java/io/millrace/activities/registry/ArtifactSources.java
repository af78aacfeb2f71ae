package io.millrace.activities.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.core.registry.ModelVersion;
import io.millrace.core.registry.RegistryException;
import io.millrace.core.registry.RegistryRefusedException;
import io.millrace.core.serving.PrintableText;
import io.minio.MinioClient;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds out where artifacts lie, as MLflow's own client does: {@code models:} and {@code runs:} are
 * followed to where they lead, {@code mlflow-artifacts:} is read through the server, {@code s3:} in
 * the store itself. What cannot be read here is refused with the reason and what to do.
 */
final class ArtifactSources {
  private static final String API = "/api/2.0/mlflow-artifacts/artifacts";
  private static final String REMEDY =
      ". Log the model to an experiment whose artifacts MLflow's server hands through"
          + " (mlflow-artifacts:), which is the default, or whose artifact location is in S3";

  /** Models that were copied from copies of copies. */
  private static final int MAX_STEPS = 8;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final MlflowHttp http;
  private final @Nullable MinioClient s3;

  /**
   * Resolves by a server.
   *
   * @param s3 reads {@code s3:}; null if there is no key for it
   */
  ArtifactSources(MlflowHttp http, @Nullable MinioClient s3) {
    this.http = http;
    this.s3 = s3;
  }

  /** The files of a version. */
  ArtifactFolder of(ModelVersion version) {
    String source = version.source();
    return scheme(source).equals("mlflow-artifacts")
        ? proxied(source)
        : folder(downloadUri(version.name(), version.version()).orElse(source), 0);
  }

  /** The files at a URI. */
  ArtifactFolder of(String uri) {
    return folder(uri, 0);
  }

  /** Artifacts that the server hands through, which can be written, too. */
  ProxiedArtifacts writable(String uri) {
    if (!scheme(uri).equals("mlflow-artifacts")) {
      throw unreadable(uri, "can be written only by MLflow's own clients" + REMEDY);
    }
    return proxied(uri);
  }

  private ArtifactFolder folder(String uri, int steps) {
    if (steps > MAX_STEPS) {
      throw unreadable(uri, "leads through more than " + MAX_STEPS + " other versions");
    }
    return switch (scheme(uri)) {
      case "mlflow-artifacts" -> proxied(uri);
      case "http", "https" -> overHttp(uri);
      case "models" -> folder(ofModel(uri), steps + 1);
      case "runs" -> folder(ofRun(uri), steps + 1);
      case "s3" -> inS3(uri);
      case "", "file" ->
          throw unreadable(
              uri,
              "is a folder of the machine that logged the model, which others cannot read"
                  + REMEDY);
      default -> throw unreadable(uri, "is in a store that is not read here" + REMEDY);
    };
  }

  /** Empty for a path without a scheme. */
  private static String scheme(String uri) {
    int colon = uri.indexOf(':');
    return colon < 0 || (uri.indexOf('/') >= 0 && uri.indexOf('/') < colon)
        ? ""
        : uri.substring(0, colon);
  }

  /** {@code mlflow-artifacts:/path}, or {@code mlflow-artifacts://host:port/path}. */
  private ProxiedArtifacts proxied(String uri) {
    String rest = uri.substring(uri.indexOf(':') + 1);
    if (!rest.startsWith("//")) {
      return new ProxiedArtifacts(http, uri, rest);
    }
    int slash = rest.indexOf('/', 2);
    String host = slash < 0 ? rest.substring(2) : rest.substring(2, slash);
    if (!host.isEmpty() && !host.equals(http.authority())) {
      throw unreadable(
          uri, "is at another MLflow server than mlflow.tracking-uri, %s".formatted(http.url()));
    }
    return new ProxiedArtifacts(http, uri, slash < 0 ? "" : rest.substring(slash));
  }

  private ArtifactFolder overHttp(String uri) {
    String own = http.url() + API;
    if (!uri.startsWith(own)) {
      throw unreadable(
          uri, "is at another server than mlflow.tracking-uri, %s".formatted(http.url()));
    }
    return new ProxiedArtifacts(http, uri, uri.substring(own.length()));
  }

  private ArtifactFolder inS3(String uri) {
    if (s3 == null) {
      throw unreadable(
          uri, "is in S3, and this process has no key for it: set s3.access-key and s3.secret-key");
    }
    return new S3Artifacts(s3, uri);
  }

  /** {@code models:/m-…} of MLflow 3, or {@code models:/name/version} of a copied version. */
  private String ofModel(String uri) {
    String[] parts = uri.replaceFirst("^models:/*", "").split("/", -1);
    if (parts.length == 1 && !parts[0].contains("@")) {
      return http.get("logged-models/" + encode(parts[0]), "find logged model " + parts[0])
          .map(answer -> answer.path("model").path("info").path("artifact_uri").asText())
          .filter(found -> !found.isEmpty())
          .orElseThrow(() -> unreadable(uri, "is a logged model that MLflow has no more"));
    }
    if (parts.length == 2 && parts[1].chars().allMatch(Character::isDigit)) {
      return downloadUri(parts[0], parts[1])
          .orElseThrow(() -> unreadable(uri, "is a version that MLflow has no more"));
    }
    throw unreadable(uri, "names neither a logged model nor a version by its number");
  }

  private Optional<String> downloadUri(String name, String version) {
    String query =
        "model-versions/get-download-uri?name=%s&version=%s"
            .formatted(encode(name), encode(version));
    return http.get(query, "find the files of " + name + " version " + version)
        .map(answer -> answer.path("artifact_uri").asText())
        .filter(found -> !found.isEmpty());
  }

  /**
   * {@code runs:/id/path}: the model of this name that the run logged if there is one, as MLflow 3
   * keeps models beside runs, or else the run's own artifacts.
   */
  private String ofRun(String uri) {
    String[] parts = uri.replaceFirst("^runs:/*", "").split("/", 3);
    JsonNode run =
        http.get("runs/get?run_id=" + encode(parts[0]), "find run " + parts[0])
            .map(answer -> answer.path("run").path("info"))
            .orElseThrow(() -> unreadable(uri, "is a run that MLflow has no more"));
    String own = run.path("artifact_uri").asText();
    if (parts.length == 1) {
      return own;
    }
    String rest = parts.length == 3 ? "/" + parts[2] : "";
    return loggedModel(run.path("experiment_id").asText(), parts[0], parts[1])
        .map(folder -> folder + rest)
        .orElse(own + "/" + parts[1] + rest);
  }

  private Optional<String> loggedModel(String experiment, String run, String name) {
    String token = "";
    do {
      ObjectNode query = JSON.createObjectNode().put("filter", "name = '" + name + "'");
      query.putArray("experiment_ids").add(experiment);
      if (!token.isEmpty()) {
        query.put("page_token", token);
      }
      Optional<JsonNode> answer =
          http.postOptional("logged-models/search", query, "find logged models " + name);
      if (answer.isEmpty()) {
        return Optional.empty(); // a server of MLflow 2 has none
      }
      for (JsonNode model : answer.get().path("models")) {
        if (model.path("info").path("source_run_id").asText().equals(run)) {
          return Optional.of(model.path("info").path("artifact_uri").asText());
        }
      }
      token = answer.get().path("next_page_token").asText();
    } while (!token.isEmpty());
    return Optional.empty();
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static RegistryException unreadable(String uri, String why) {
    return new RegistryRefusedException(
        "The source '%s' %s".formatted(PrintableText.of(uri, 200), why));
  }
}
