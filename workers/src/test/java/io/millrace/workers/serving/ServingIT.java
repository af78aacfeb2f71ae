package io.millrace.workers.serving;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.millrace.activities.registry.MlflowConfig;
import io.millrace.activities.registry.MlflowRegistry;
import io.millrace.activities.registry.MlflowTracking;
import io.millrace.activities.registry.ModelAnnouncements;
import io.millrace.activities.registry.ModelUpload;
import io.millrace.core.registry.Aliases;
import io.millrace.core.registry.ModelVersion;
import io.millrace.core.serving.GoldenBatch;
import io.millrace.core.serving.ModelSchema;
import io.millrace.core.serving.ModelSchema.Input;
import io.millrace.core.serving.ModelSchema.Kind;
import io.millrace.core.serving.ModelSchema.Missing;
import io.millrace.serving.predict.NamedModelRoutes;
import io.millrace.stack.Component;
import io.millrace.stack.LocalStack;
import io.millrace.testing.Waiting;
import io.millrace.workers.config.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The server with its registry and online store, and models that Python trained. */
class ServingIT {
  private static final String IRIS = NamedModelRoutes.IRIS;
  private static final String HOUSING = NamedModelRoutes.HOUSING;
  private static final List<String> IRIS_INPUTS =
      List.of("sepal_length", "sepal_width", "petal_length", "petal_width");
  private static final List<String> HOUSING_INPUTS =
      List.of(
          "longitude",
          "latitude",
          "housing_median_age",
          "total_rooms",
          "total_bedrooms",
          "population",
          "households",
          "median_income");
  private static final ObjectMapper JSON = new ObjectMapper();

  private static LocalStack stack;
  private static MlflowTracking tracking;
  private static MlflowRegistry registry;
  private static ModelUpload upload;
  private static ModelAnnouncements announcements;
  private static Serving serving;
  private static Path models;

  private final HttpClient http = HttpClient.newHttpClient();

  @BeforeAll
  static void start() throws IOException {
    stack = LocalStack.forTests(Component.MLFLOW, Component.REDIS);
    models = stack.stack().config().home().resolve("core/src/test/resources/serving");
    MlflowConfig mlflow = MlflowConfig.of(stack.endpoints().mlflow().trackingUri());
    tracking = new MlflowTracking(mlflow);
    registry = new MlflowRegistry(mlflow);
    upload = new ModelUpload(tracking, registry, Clock.systemUTC());
    announcements = new ModelAnnouncements(stack.endpoints().redis().uri());
    promote(register(IRIS, "iris.ubj", irisSchema(), null));
    promote(register(HOUSING, "housing.ubj", housingSchema(), null));
    Path state = stack.stack().config().state();
    serving = Serving.start(Settings.load(state, state, Map.of("SERVING_PORT", "0")));
  }

  @AfterAll
  static void stop() {
    serving.close();
    announcements.close();
    tracking.close();
    stack.close();
  }

  @Test
  void predictsWhatPythonPredicts() throws Exception {
    assertThat(differences(IRIS, "iris", IRIS_INPUTS)).isLessThan(1e-6);
    assertThat(differences(HOUSING, "housing", HOUSING_INPUTS)).isLessThan(1e-6);
  }

  @Test
  void answersOnThePathsThatClientsKnow() throws Exception {
    JsonNode iris =
        post(
            "/predict",
            "{\"sepal_length\":5.1,\"sepal_width\":3.5,\"petal_length\":1.4,\"petal_width\":0.2}");
    assertThat(iris.path("prediction").asInt()).isZero();
    assertThat(iris.path("label").asText()).isEqualTo("setosa");
    assertThat(iris.path("model").asText()).isEqualTo(IRIS);

    JsonNode inference = post("/inference", "{\"input_data\":[6.3,3.3,6.0,2.5],\"retries\":1}");
    assertThat(inference.path("prediction").get(0).asText()).isEqualTo("virginica");
  }

  @Test
  void aNewVersionAnswersSoonAndNoRequestFailsMeanwhile() throws Exception {
    String golden = golden();
    ModelVersion next = register(IRIS, "iris.json", irisSchema(), golden);
    AtomicBoolean stop = new AtomicBoolean();
    CompletableFuture<Long> load = CompletableFuture.supplyAsync(() -> load(stop));

    promote(next);

    await().until(() -> champion(IRIS).equals(next.version()));
    stop.set(true);
    assertThat(load.get()).isPositive();
  }

  @Test
  void aBrokenVersionIsRefusedAndTheOldOneServesOn() throws Exception {
    String before = champion(HOUSING);
    byte[] whole = Files.readAllBytes(models.resolve("housing.ubj"));
    ModelVersion broken =
        upload.register(
            HOUSING,
            "cut short",
            Map.of(
                "model.ubj",
                Arrays.copyOf(whole, whole.length / 2),
                ModelSchema.FILE_NAME,
                housingSchema().toJson().getBytes(UTF_8)));

    promote(broken);

    await().until(() -> get("/models/" + HOUSING).path("refused").size() == 1);
    assertThat(champion(HOUSING)).isEqualTo(before);
    assertThat(get("/models/" + HOUSING).path("refused").has(broken.version())).isTrue();
    assertThat(differences(HOUSING, "housing", HOUSING_INPUTS)).isLessThan(1e-6);
  }

  @Test
  void aVersionThatPredictsOtherwiseThanInTrainingIsRefused() throws Exception {
    String golden =
        "{\"instances\":[{\"longitude\":-122,\"latitude\":37,\"housing_median_age\":41,"
            + "\"total_rooms\":880,\"total_bedrooms\":129,\"population\":322,\"households\":126,"
            + "\"median_income\":8}],\"predictions\":[[1]]}";
    ModelVersion other = register("houses", "housing.ubj", housingSchema(), golden);

    promote(other);

    await().until(() -> get("/health").path("failures").path("houses").asText().contains("Golden"));
    assertThat(send("/models/houses/predict", "{\"instances\":[]}").statusCode()).isEqualTo(404);
  }

  @Test
  void tracesGoToTheCollectorThatTheEnvironmentNames() throws Exception {
    Queue<String> received = new ConcurrentLinkedQueue<>();
    HttpServer collector =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    collector.createContext(
        "/v1/traces",
        exchange -> {
          received.add(new String(exchange.getRequestBody().readAllBytes(), ISO_8859_1));
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    collector.start();
    String endpoint = "http://127.0.0.1:" + collector.getAddress().getPort();
    Path state = stack.stack().config().state();
    Map<String, String> environment =
        Map.of("SERVING_PORT", "0", "OTEL_EXPORTER_OTLP_ENDPOINT", endpoint);

    try (Serving traced = Serving.start(Settings.load(state, state, environment))) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(traced.url() + "/features"))
              .POST(BodyPublishers.ofString("{\"user_id\":1,\"product_id\":2}"))
              .build();
      assertThat(http.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
    } finally {
      collector.stop(0);
    }

    assertThat(String.join("", received))
        .contains("millrace-serving", "load_model", "POST /features", "get_online_features");
  }

  /** Its trees have learned where to go without a value. */
  private static ModelSchema housingSchema() {
    return new ModelSchema(
        HOUSING_INPUTS.stream()
            .map(name -> new Input(name, Kind.NUMBER, Missing.NAN, Float.NaN))
            .toList(),
        List.of());
  }

  private static ModelSchema irisSchema() {
    return new ModelSchema(
        IRIS_INPUTS.stream().map(Input::number).toList(),
        List.of("setosa", "versicolor", "virginica"));
  }

  private static ModelVersion register(
      String model, String file, ModelSchema schema, @Nullable String golden) throws IOException {
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put("model.ubj", Files.readAllBytes(models.resolve(file)));
    files.put(ModelSchema.FILE_NAME, schema.toJson().getBytes(UTF_8));
    if (golden != null) {
      files.put(GoldenBatch.FILE_NAME, golden.getBytes(UTF_8));
    }
    return upload.register(model, "trained by Python", files);
  }

  private static void promote(ModelVersion version) {
    registry.setAlias(version.name(), Aliases.CHAMPION, version.version());
    announcements.announce(version.name());
  }

  /** The first rows and predictions of the file, as a version's golden batch. */
  private static String golden() throws IOException {
    List<List<Double>> rows = numbers("iris.rows.csv");
    List<List<Double>> predictions = numbers("iris.predictions.csv");
    return "{\"instances\":[%s],\"predictions\":[%s]}"
        .formatted(instance(IRIS_INPUTS, rows.get(60)), predictions.get(60));
  }

  private static String instance(List<String> inputs, List<Double> row) {
    StringBuilder text = new StringBuilder("{");
    for (int i = 0; i < inputs.size(); i++) {
      text.append(i == 0 ? "" : ",")
          .append("\"%s\":%s".formatted(inputs.get(i), row.get(i).isNaN() ? null : row.get(i)));
    }
    return text.append('}').toString();
  }

  private static List<List<Double>> numbers(String file) throws IOException {
    return Files.readAllLines(models.resolve(file)).stream()
        .map(
            line ->
                Arrays.stream(line.replace("nan", "NaN").split(",")).map(Double::valueOf).toList())
        .toList();
  }

  /** The largest difference from what Python predicted, relative above 1. */
  private double differences(String model, String files, List<String> inputs) throws Exception {
    List<List<Double>> rows = numbers(files + ".rows.csv");
    List<List<Double>> expected = numbers(files + ".predictions.csv");
    String instances = String.join(",", rows.stream().map(row -> instance(inputs, row)).toList());
    JsonNode answer = post("/models/" + model + "/predict", "{\"instances\":[" + instances + "]}");
    assertThat(answer.path("predictions")).hasSameSizeAs(rows);
    double largest = 0;
    for (int row = 0; row < rows.size(); row++) {
      JsonNode given = answer.path("predictions").get(row);
      for (int i = 0; i < expected.get(row).size(); i++) {
        double value = given.isArray() ? given.get(i).asDouble() : given.asDouble();
        double wanted = expected.get(row).get(i);
        largest = Math.max(largest, Math.abs(value - wanted) / Math.max(1, Math.abs(wanted)));
      }
    }
    return largest;
  }

  private long load(AtomicBoolean stop) {
    long answered = 0;
    while (!stop.get()) {
      try {
        JsonNode answer =
            post(
                "/models/" + IRIS + "/predict",
                "{\"instances\":[%s]}"
                    .formatted(instance(IRIS_INPUTS, List.of(5.1, 3.5, 1.4, 0.2))));
        assertThat(answer.path("predictions").get(0).get(0).asDouble())
            .isCloseTo(0.7735, within(1e-3));
        answered++;
      } catch (Exception e) {
        throw new AssertionError("a request failed while the version changed", e);
      }
    }
    return answered;
  }

  private String champion(String model) throws Exception {
    return get("/models/" + model).path("version").asText();
  }

  private JsonNode get(String path) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(uri(path)).timeout(Waiting.LIMIT).build();
    return JSON.readTree(http.send(request, BodyHandlers.ofString()).body());
  }

  private JsonNode post(String path, String body) throws Exception {
    HttpResponse<String> answer = send(path, body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JSON.readTree(answer.body());
  }

  private HttpResponse<String> send(String path, String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(uri(path))
            .timeout(Waiting.LIMIT)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build();
    return http.send(request, BodyHandlers.ofString());
  }

  private static URI uri(String path) {
    return URI.create(serving.url() + path);
  }
}
