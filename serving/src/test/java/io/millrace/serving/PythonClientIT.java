package io.millrace.serving;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.core.events.Event;
import io.millrace.core.events.EventType;
import io.millrace.core.features.OnlineKey;
import io.millrace.core.features.OnlineRow;
import io.millrace.core.models.PurchaseDefinition;
import io.millrace.core.serving.ModelSchema;
import io.millrace.core.serving.Scorer;
import io.millrace.core.training.CategoryMappings;
import io.millrace.serving.http.AccessOptions;
import io.millrace.serving.http.HttpOptions;
import io.millrace.serving.http.RateLimit;
import io.millrace.serving.models.VersionFiles;
import io.millrace.serving.predict.NamedModelRoutes;
import io.millrace.stack.install.Commands;
import io.millrace.stack.install.Venvs;
import io.millrace.testing.Waiting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A client in Python that a generator wrote from {@code /openapi.json} alone, with models that
 * Python trained.
 */
class PythonClientIT {
  private static final String SHOP = NamedModelRoutes.PURCHASE;
  private static final String KEY = "a key of the test's";
  private static final String PACKAGE = "millrace_serving_client";
  private static final Path SCRIPTS = Path.of("src/test/python").toAbsolutePath();

  @TempDir static Path folder;

  private static TestServer server;

  /** What the script was answered. */
  private static JsonNode seen;

  @BeforeAll
  static void useTheClient() throws Exception {
    PythonPurchases purchases = PythonPurchases.train(folder);
    server = new TestServer(models(purchases.files()), options());
    server.rows.put(new OnlineKey(1, 2), OnlineRow.of(cart(), 4));
    String python = Venvs.standard().apiClient().toString();
    Commands.run(
        List.of(
            python,
            "-m",
            "openapi_python_client",
            "generate",
            "--url",
            server.url() + "/openapi.json",
            "--meta",
            "none",
            "--config",
            SCRIPTS.resolve("client.yaml").toString(),
            "--output-path",
            folder.resolve(PACKAGE).toString(),
            "--fail-on-warning"),
        Map.of(),
        Waiting.LIMIT);
    String output =
        Commands.run(
            List.of(
                python,
                SCRIPTS.resolve("use_client.py").toString(),
                server.url(),
                KEY,
                purchases.instances().toString(),
                purchases.predictions().toString()),
            Map.of("PYTHONPATH", folder.toString()),
            Waiting.LIMIT);
    seen = new ObjectMapper().readTree(output);
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  private static FakeModels models(VersionFiles purchases) throws IOException {
    return new FakeModels()
        .registerSeeds()
        .register(SHOP, "7", purchases)
        .register(NamedModelRoutes.IRIS, "7", iris());
  }

  private static VersionFiles iris() throws IOException {
    Path model = Path.of("../core/src/test/resources/serving/iris.ubj");
    return new VersionFiles(
        new ModelSchema(
            ModelSchema.numbers(FakeModels.IRIS_INPUTS).inputs(),
            List.of("setosa", "versicolor", "virginica")),
        new CategoryMappings(Map.of()),
        Scorer.read(Files.readAllBytes(model)),
        null);
  }

  private static HttpOptions options() throws Exception {
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(KEY.getBytes(UTF_8));
    Path keys =
        Files.writeString(
            folder.resolve("keys"), "test:predict:" + HexFormat.of().formatHex(hash) + "\n");
    return HttpOptions.at("127.0.0.1", 0)
        .with(new AccessOptions(keys, RateLimit.NONE, RateLimit.NONE));
  }

  private static Event cart() {
    return new Event(
        Instant.parse("2019-10-01T00:00:00Z"),
        EventType.CART,
        2,
        3L,
        "apparel.shoes",
        "apple",
        60.0,
        1,
        "session");
  }

  @Test
  void seesWhatServes() {
    assertThat(seen.path("health").asText()).isEqualTo("ok");
    assertThat(seen.path("ready").asText()).isEqualTo("ready");
    assertThat(texts(seen.path("models")))
        .containsExactly(NamedModelRoutes.HOUSING, NamedModelRoutes.IRIS, SHOP);
    assertThat(texts(seen.path("inputs"))).isEqualTo(PurchaseDefinition.MODEL.names());
    assertThat(seen.path("since_is_time").asBoolean()).isTrue();
  }

  @Test
  void predictsForInstancesAndForEntitiesOfWhichOneIsNotKnown() {
    assertThat(seen.path("instances").toString())
        .isEqualTo(
            "[\"Predictions\",\"7\",\"champion\","
                + "{\"0\":[\"brand\",\"category_code_level1\",\"category_code_level2\"]}]");
    JsonNode entities = seen.path("entities");
    assertThat(entities.path(0).asText()).isEqualTo("EntityPredictions");
    assertThat(entities.path(1).asBoolean(true)).isFalse();
    assertThat(entities.path(2).path(0).asDouble()).isBetween(0.0, 1.0);
    assertThat(entities.path(2).path(1).isNull()).isTrue();
    assertThat(entities.path(3).path("index").asInt()).isEqualTo(1);
    assertThat(entities.path(3).path("user_id").asInt()).isEqualTo(5);
  }

  @Test
  void usesThePathsOfTheSingleModels() {
    assertThat(seen.path("list_is_the_same").asBoolean()).isTrue();
    assertThat(texts(seen.path("iris"))).containsExactly("IrisPrediction", "setosa");
    assertThat(texts(seen.path("inference"))).containsExactly("virginica");
    assertThat(seen.path("houses").asInt()).isEqualTo(350_000);
  }

  @Test
  void looksFeaturesUpNowAndAtAMoment() {
    assertThat(seen.path("brands").toString()).isEqualTo("[\"apple\",null]");
    assertThat(seen.path("counts").toString()).isEqualTo("[4,null]");
    assertThat(seen.path("one").toString()).isEqualTo("[60.0]");
    assertThat(seen.path("event_times").path(0).asText()).isEqualTo("2019-10-01T00:00:00+00:00");
    assertThat(seen.path("past").toString())
        .isEqualTo("[[\"apple\"],\"2019-10-01T12:00:00+00:00\"]");
    assertThat(texts(seen.path("metadata"))).hasSameElementsAs(PurchaseDefinition.MODEL.names());
  }

  @Test
  void errorsAreOfATypeToo() {
    for (int status : new int[] {401, 404, 422}) {
      JsonNode error = seen.path("errors").path(Integer.toString(status));
      assertThat(error.path(0).asText()).as("%d", status).isEqualTo("Problem");
      assertThat(error.path(1).asInt()).isEqualTo(status);
      assertThat(error.path(2).asText()).isNotBlank();
    }
    assertThat(texts(seen.path("paths"))).containsExactly("instances[0].price");
    assertThat(seen.path("request_id").asBoolean()).isTrue();
  }

  /** The trees differ between rows: a constant would agree with itself. */
  @Test
  void agreesWithXgboostInPythonOnAThousandPredictions() {
    assertThat(seen.path("agreement_rows").asInt()).isEqualTo(PythonPurchases.HELD);
    assertThat(seen.path("agreement_max_difference").asDouble(1)).isLessThan(1e-6);
    assertThat(seen.path("spread").asDouble()).isGreaterThan(0.1);
  }

  private static List<String> texts(JsonNode array) {
    return array.valueStream().map(JsonNode::asText).toList();
  }
}
