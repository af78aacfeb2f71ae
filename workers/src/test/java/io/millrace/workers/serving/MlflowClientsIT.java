package io.millrace.workers.serving;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.activities.registry.MlflowConfig;
import io.millrace.activities.registry.MlflowRegistry;
import io.millrace.core.registry.Aliases;
import io.millrace.core.registry.ModelVersion;
import io.millrace.stack.Component;
import io.millrace.stack.Endpoints.S3;
import io.millrace.stack.LocalStack;
import io.millrace.stack.install.Commands;
import io.millrace.stack.install.Venvs;
import io.millrace.testing.Waiting;
import io.millrace.workers.config.Settings;
import io.minio.MinioClient;
import io.minio.ObjectWriteResponse;
import io.minio.PutObjectArgs;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What MLflow's own clients register and delete, with a real MLflow 3 server and client. */
class MlflowClientsIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir static Path folder;

  private static LocalStack stack;
  private static MlflowRegistry registry;
  private static Serving serving;
  private static Path models;

  /** What the script wrote. */
  private static JsonNode python;

  private final HttpClient http = HttpClient.newHttpClient();

  @BeforeAll
  static void start() throws Exception {
    stack = LocalStack.forTests(Component.MLFLOW, Component.REDIS);
    models = stack.stack().config().home().resolve("core/src/test/resources/serving");
    String tracking = stack.endpoints().mlflow().trackingUri();
    registry = new MlflowRegistry(MlflowConfig.of(tracking));
    Path out = folder.resolve("python.json");
    Commands.run(
        List.of(
            Venvs.standard().modelCheck().toString(),
            "src/test/python/log_models.py",
            models.toString(),
            out.toString()),
        Map.of("MLFLOW_TRACKING_URI", tracking),
        Waiting.LIMIT);
    python = JSON.readTree(out.toFile());
    registerInS3();
    Path state = stack.stack().config().state();
    serving =
        Serving.start(
            Settings.load(
                state,
                state,
                Map.of(
                    "SERVING_PORT",
                    "0",
                    "SERVING_POLL_INTERVAL",
                    "200ms",
                    "SERVING_WITHDRAW_AFTER",
                    "1s")));
  }

  @AfterAll
  static void stop() {
    if (serving != null) {
      serving.close();
    }
    stack.close();
  }

  /** A version whose files a client put into the bucket itself. */
  private static void registerInS3() throws Exception {
    S3 s3 = stack.endpoints().s3();
    MinioClient client =
        MinioClient.builder()
            .endpoint(s3.endpoint())
            .region(s3.region())
            .credentials(s3.accessKey(), s3.secretKey())
            .build();
    put(client, "model.ubj", Files.readAllBytes(models.resolve("iris.ubj")));
    put(client, "feature_order.json", "[\"a\",\"b\",\"c\",\"d\"]".getBytes(UTF_8));
    client.close();
    register("in_s3", "s3://mlflow/direct/a model");
  }

  private static void put(MinioClient client, String name, byte[] bytes) throws Exception {
    ObjectWriteResponse unused =
        client.putObject(
            PutObjectArgs.builder()
                .bucket("mlflow")
                .object("direct/a model/" + name)
                .data(bytes, bytes.length)
                .build());
  }

  private static ModelVersion register(String model, String source) {
    registry.ensureModel(model, "");
    ModelVersion version =
        registry.createVersion(model, python.path("run").asText(), source, "", Map.of());
    registry.setAlias(model, Aliases.CHAMPION, version.version());
    return version;
  }

  @ParameterizedTest
  @ValueSource(strings = {"logged", "copied", "by_run", "spaced"})
  void predictsWhatPythonPredicts(String model) throws Exception {
    ObjectNode body = JSON.createObjectNode();
    body.set("instances", python.path("rows"));

    HttpResponse<String> answer = post("/models/" + model + "/predict", body.toString());

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    JsonNode predictions = JSON.readTree(answer.body()).path("predictions");
    JsonNode expected = python.path("predictions").path(model);
    assertThat(predictions).hasSameSizeAs(expected);
    for (int i = 0; i < expected.size(); i++) {
      assertThat(predictions.get(i).asDouble()).isCloseTo(expected.get(i).asDouble(), offset(1e-6));
    }
  }

  @Test
  void servesAVersionThatLiesInS3Itself() throws Exception {
    assertThat(
            post(
                    "/models/in_s3/predict",
                    "{\"instances\":[{\"a\":5.1,\"b\":3.5,\"c\":1.4,\"d\":0.2}]}")
                .statusCode())
        .isEqualTo(200);
  }

  @Test
  void scoresXgboostsScikitLearnWrapperWithItsBestRounds() throws Exception {
    String[] rows = Files.readString(models.resolve("rows.csv")).split("\n");
    String[] expected = Files.readString(models.resolve("3.2.0-early.predictions.csv")).split("\n");
    for (int row = 0; row < 10; row++) {
      ObjectNode instance = JSON.createObjectNode();
      String[] cells = rows[row].split(",");
      for (int i = 0; i < cells.length; i++) {
        if (!cells[i].equals("nan")) {
          instance.put("abcde".substring(i, i + 1), Double.parseDouble(cells[i]));
        }
      }
      HttpResponse<String> answer =
          post("/models/wrapped/predict", "{\"instances\":[" + instance + "]}");
      assertThat(JSON.readTree(answer.body()).at("/predictions/0").asDouble())
          .as(answer.body())
          .isCloseTo(Double.parseDouble(expected[row]), offset(1e-6));
    }
  }

  @Test
  void saysWhatToDoWithAPickle() throws Exception {
    String reason = get("/health").at("/failures/pickled").asText();

    assertThat(reason)
        .contains("has the flavours [sklearn]", "mlflow.xgboost.log_model")
        .doesNotContain("--serve-artifacts", "server's version");
    assertThat(get("/models/pickled").path("detail").asText()).contains("pickled");
  }

  @Test
  void withdrawsWhatIsDeletedInMlflow() throws Exception {
    register("short_lived", python.path("artifacts").asText() + "/my model, 100% mine");
    await().until(() -> get("/models/short_lived").has("version"));

    delete("registered-models/delete", "{\"name\": \"short_lived\"}");

    await().until(() -> get("/models").path("withdrawn").has("short_lived"));
    assertThat(post("/models/short_lived/predict", "{\"instances\":[]}").statusCode())
        .isEqualTo(404);
    assertThat(get("/models").at("/withdrawn/short_lived/reason").asText())
        .isEqualTo("No model 'short_lived' is registered");
    assertThat(get("/models/logged").path("version").asText()).isEqualTo("1");
  }

  @Test
  void withdrawsAVersionThatIsDeletedAndServesAnotherOfItsNumber() throws Exception {
    String source = python.path("artifacts").asText() + "/my model, 100% mine";
    ModelVersion version = register("again", source);
    await().until(() -> get("/models/again").has("version"));
    String since = get("/models/again").path("since").asText();

    delete("registered-models/delete", "{\"name\": \"again\"}");
    assertThat(register("again", source).version()).isEqualTo(version.version());

    await().until(() -> !get("/models/again").path("since").asText().equals(since));
    delete("model-versions/delete", "{\"name\": \"again\", \"version\": \"1\"}");
    HttpResponse<String> reload = post("/models/again/reload", "");
    assertThat(reload.statusCode()).isEqualTo(404);
    assertThat(reload.body()).contains("Version 1 of 'again'");
    await().until(() -> get("/models").at("/withdrawn/again/gone").asText().equals("version"));
  }

  private static void delete(String path, String body) throws Exception {
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(
                        URI.create(
                            stack.endpoints().mlflow().trackingUri() + "/api/2.0/mlflow/" + path))
                    .timeout(Waiting.LIMIT)
                    .header("Content-Type", "application/json")
                    .method("DELETE", BodyPublishers.ofString(body))
                    .build(),
                BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  private JsonNode get(String path) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(serving.url() + path)).timeout(Waiting.LIMIT).build();
    return JSON.readTree(http.send(request, BodyHandlers.ofString()).body());
  }

  private HttpResponse<String> post(String path, String body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(serving.url() + path))
            .timeout(Waiting.LIMIT)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build();
    return http.send(request, BodyHandlers.ofString());
  }
}
