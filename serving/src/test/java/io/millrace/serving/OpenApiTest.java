package io.millrace.serving;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.millrace.core.events.Event;
import io.millrace.core.events.EventType;
import io.millrace.core.features.OnlineKey;
import io.millrace.core.features.OnlineRow;
import io.millrace.serving.TestServer.Answer;
import io.millrace.serving.http.AccessOptions;
import io.millrace.serving.http.HttpOptions;
import io.millrace.serving.http.RateLimit;
import io.millrace.serving.predict.NamedModelRoutes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The document is what a client is written from: what it says must be so. */
class OpenApiTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SHOP = NamedModelRoutes.PURCHASE;
  private static final List<String> BAD_BODIES =
      List.of("", "{", "{}", "7", "{\"surprise\":1}", "[{\"user_id\":\"x\"}]");

  private final TestServer server =
      new TestServer(new FakeModels().registerSeeds().register(SHOP, "8", 0.5f, 1));

  private JsonNode document = JSON.nullNode();

  private record Operation(String path, String method, JsonNode node) {
    @Override
    public String toString() {
      return method.toUpperCase(Locale.ROOT) + " " + path;
    }
  }

  @BeforeEach
  void begin() throws Exception {
    document = server.get("/openapi.json").json();
    Event event =
        new Event(
            Instant.parse("2019-10-01T00:00:00Z"),
            EventType.CART,
            2,
            3L,
            "apparel.shoes",
            "apple",
            60.0,
            1,
            "session");
    server.rows.put(new OnlineKey(1, 2), OnlineRow.of(event, 4));
    // So that there is something to go back to.
    server.post("/models/" + SHOP + "/promote", "{\"version\":\"8\"}");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private List<Operation> operations() {
    List<Operation> operations = new ArrayList<>();
    document
        .get("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .properties()
                    .forEach(
                        method ->
                            operations.add(
                                new Operation(path.getKey(), method.getKey(), method.getValue()))));
    return operations;
  }

  @Test
  void describesEveryRouteAndNoOther() {
    Set<String> described = new TreeSet<>();
    operations().forEach(operation -> described.add(operation.toString()));

    assertThat(described).isEqualTo(server.routes);
  }

  @Test
  void whatItGivesAsExamplesIsTakenAndAnsweredAsItSays() throws Exception {
    for (Operation operation : operations()) {
      for (String body : examples(operation.node().at("/requestBody/content/application~1json"))) {
        Answer answer = send(operation, body);

        assertThat(answer.status()).as("%s %s: %s", operation, body, answer.text()).isEqualTo(200);
        requireAsDescribed(operation, answer);
      }
    }
  }

  @Test
  void refusesWithWhatItSaysAndNothingElse() throws Exception {
    for (Operation operation : operations()) {
      if (operation.node().has("requestBody")) {
        for (String body : BAD_BODIES) {
          Answer answer = send(operation, body);
          assertThat(answer.status()).as("%s %s", operation, body).isBetween(400, 499);
          requireAsDescribed(operation, answer);
        }
      }
      if (operation.path().contains("{")) {
        String body =
            examples(operation.node().at("/requestBody/content/application~1json")).get(0);
        Answer answer =
            send(operation.method(), operation.path().replaceAll("\\{.*}", "nope"), body);
        assertThat(answer.status()).as(operation.toString()).isEqualTo(404);
        requireAsDescribed(operation, answer);
      }
    }
  }

  @Test
  void itsOwnExamplesOfAnswersAreWhatItSays() {
    for (JsonNode answers : document.findValues("responses")) {
      for (JsonNode answer : answers) {
        for (JsonNode content : resolve(answer).path("content")) {
          for (String example : examples(content)) {
            if (!example.isEmpty()) {
              requireValid(content.get("schema"), example, example);
            }
          }
        }
      }
    }
  }

  @Test
  void saysNothingOfKeysAsLongAsTheServerAsksForNone() {
    for (Operation operation : operations()) {
      assertThat(operation.node().has("security")).as("%s", operation).isFalse();
      assertThat(operation.node().get("responses").has("401")).as("%s", operation).isFalse();
      assertThat(operation.node().get("responses").has("403")).as("%s", operation).isFalse();
    }
    assertThat(document.get("components").has("securitySchemes")).isFalse();
    assertThat(document.toString()).doesNotContain("X-API-Key", "Unauthorized");
  }

  @Test
  void saysOfEveryPathWhetherItNeedsAKeyOnceTheServerAsksForOne(@TempDir Path folder)
      throws Exception {
    Path keys = Files.writeString(folder.resolve("keys"), "");
    HttpOptions options =
        HttpOptions.at("127.0.0.1", 0)
            .with(new AccessOptions(keys, RateLimit.NONE, RateLimit.NONE));
    try (TestServer guarded = new TestServer(new FakeModels().registerSeeds(), options)) {
      document = guarded.get("/openapi.json").json();
      assertThat(document.at("/components/securitySchemes").size()).isEqualTo(2);
      for (Operation operation : operations()) {
        boolean open = operation.node().get("security").isEmpty();
        String path = operation.path().replace("{name}", "x").replace("{file}", "docs.js");
        int status =
            switch (operation.method()) {
              case "get" -> guarded.get(path).status();
              case "put" -> guarded.put(path, "{}").status();
              case "delete" -> guarded.delete(path).status();
              default -> guarded.post(path, "{}").status();
            };
        assertThat(status == 401).as("%s: %d", operation, status).isEqualTo(!open);
        assertThat(operation.node().get("responses").has("401")).isEqualTo(!open);
      }
    }
  }

  @Test
  void showsItWithoutAnythingFromElsewhere() throws Exception {
    Answer page = server.get("/docs");

    assertThat(page.type()).startsWith("text/html");
    assertThat(page.text()).doesNotContain("http://", "https://");
    for (String file : List.of("swagger-ui.css", "swagger-ui-bundle.js", "docs.js")) {
      assertThat(page.text()).contains("/docs/" + file);
      assertThat(server.get("/docs/" + file).status()).isEqualTo(200);
    }
    assertThat(server.get("/docs/index.html").status()).isEqualTo(404);
    assertThat(server.get("/docs/..%2fopenapi.json").status()).isBetween(400, 404);
  }

  private List<String> examples(JsonNode content) {
    List<String> examples = new ArrayList<>();
    if (content.has("example")) {
      examples.add(content.get("example").toString());
    }
    content.path("examples").forEach(example -> examples.add(example.get("value").toString()));
    return examples.isEmpty() ? List.of("") : examples;
  }

  private Answer send(Operation operation, String body) throws Exception {
    String path = operation.path();
    for (JsonNode parameter : operation.node().path("parameters")) {
      path =
          path.replace(
              "{" + parameter.get("name").asText() + "}", parameter.path("example").asText());
    }
    return send(operation.method(), path, body);
  }

  private Answer send(String method, String path, String body) throws Exception {
    return switch (method) {
      case "get" -> server.get(path);
      case "put" -> server.put(path, body);
      case "delete" -> server.delete(path);
      default -> server.post(path, body);
    };
  }

  private void requireAsDescribed(Operation operation, Answer answer) {
    JsonNode described = operation.node().get("responses").get(Integer.toString(answer.status()));
    assertThat(described).as("%s does not say %d", operation, answer.status()).isNotNull();
    JsonNode content = resolve(described).get("content");
    String type = answer.type().replaceAll(";.*", "");
    assertThat(content.has(type)).as("%s says %s", operation, answer.type()).isTrue();
    if (type.endsWith("json")) {
      requireValid(content.get(type).get("schema"), answer.text(), operation.toString());
    }
  }

  private JsonNode resolve(JsonNode answer) {
    return answer.has("$ref") ? document.at(answer.get("$ref").asText().substring(1)) : answer;
  }

  private void requireValid(JsonNode schema, String value, String what) {
    ObjectNode whole = schema.deepCopy();
    whole.set("components", document.get("components"));
    assertThat(
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(whole.toString(), InputFormat.JSON)
                .validate(value, InputFormat.JSON))
        .as("%s: %s", what, value)
        .isEmpty();
  }
}
