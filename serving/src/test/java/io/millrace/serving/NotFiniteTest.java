package io.millrace.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.core.events.Event;
import io.millrace.core.events.EventType;
import io.millrace.core.features.OnlineKey;
import io.millrace.core.features.OnlineRow;
import io.millrace.core.serving.ModelSchema;
import io.millrace.core.serving.Scorer;
import io.millrace.core.training.CategoryMappings;
import io.millrace.core.training.OrdinalEncoding;
import io.millrace.serving.TestServer.Answer;
import io.millrace.serving.models.Rollout;
import io.millrace.serving.models.VersionFiles;
import io.millrace.serving.predict.NamedModelRoutes;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** JSON has no infinite number and no NaN: a row whose scores are such is an error, never a 200. */
class NotFiniteTest {
  private static final String SHOP = NamedModelRoutes.PURCHASE;
  private static final String PREDICT = "/models/" + SHOP + "/predict";
  private static final String IRIS = NamedModelRoutes.IRIS;
  private static final String HOUSING = NamedModelRoutes.HOUSING;
  private static final String LOW = "{\"price\":1,\"activity_count\":1}";
  private static final String HIGH = "{\"price\":20,\"activity_count\":1}";

  /** Infinity from 10 on: the exponential of what a float can hold, and more. */
  private static final VersionFiles POISSON =
      new VersionFiles(
          FakeModels.SCHEMA,
          new CategoryMappings(Map.of("brand", OrdinalEncoding.fit(List.of("apple", "sony")))),
          FakeModels.scorer(3, "count:poisson", 0, 200),
          null);

  private final FakeModels models =
      new FakeModels()
          .registerSeeds()
          .register(SHOP, "8", POISSON)
          .register(IRIS, "8", numbers(FakeModels.IRIS_INPUTS))
          .register(HOUSING, "8", numbers(FakeModels.HOUSING_INPUTS))
          .rollOut(SHOP, Rollout.of("8"))
          .rollOut(IRIS, Rollout.of("8"))
          .rollOut(HOUSING, Rollout.of("8"));
  private final TestServer server = new TestServer(models);

  private static VersionFiles numbers(List<String> inputs) {
    Scorer scorer = FakeModels.scorer(inputs.size(), "count:poisson", 0, 200);
    return new VersionFiles(
        ModelSchema.numbers(inputs), new CategoryMappings(Map.of()), scorer, null);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static void requireRefused(Answer answer, String... paths) {
    assertThat(answer.status()).as(answer.text()).isEqualTo(422);
    assertThat(answer.json().get("errors")).hasSize(paths.length);
    for (int i = 0; i < paths.length; i++) {
      assertThat(answer.json().get("errors").get(i).get("path").asText()).isEqualTo(paths[i]);
      assertThat(answer.json().get("errors").get(i).get("message").asText())
          .contains("version 8", "[Infinity]", "must be a finite number");
    }
  }

  @Test
  void instancesAreRefusedAndTheRowsNamed() throws Exception {
    requireRefused(
        server.post(PREDICT, "{\"instances\":[%s,%s,%s,%s]}".formatted(LOW, HIGH, LOW, HIGH)),
        "instances[1]",
        "instances[3]");
    assertThat(server.records).isEmpty();
    assertThat(server.post(PREDICT, "{\"instances\":[%s]}".formatted(LOW)).status()).isEqualTo(200);
    assertThat(server.records).hasSize(1);
  }

  @Test
  void manyRowsAreNamedInPart() throws Exception {
    Answer answer =
        server.post(PREDICT, "{\"instances\":[" + (HIGH + ",").repeat(999) + HIGH + "]}");

    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.json().get("errors")).hasSize(20);
  }

  @Test
  void entitiesHaveAnErrorEachAndTheOthersTheirScores() throws Exception {
    know(1, 2, 5);
    know(3, 4, 50);

    Answer answer =
        server.post(
            "/predict",
            "[{\"user_id\":1,\"product_id\":2},{\"user_id\":3,\"product_id\":4},{\"user_id\":5,\"product_id\":6}]");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().get("predictions").get(0).asDouble()).isBetween(0.4, 0.6);
    assertThat(answer.json().get("predictions").get(1).isNull()).isTrue();
    assertThat(answer.json().get("success").asBoolean()).isFalse();
    assertThat(answer.json().get("errors").get(0).get("index").asInt()).isEqualTo(1);
    assertThat(answer.json().get("errors").get(0).get("error").asText())
        .isEqualTo(
            "User 3 and product 4: version 8 of '%s' predicts [Infinity] for it, and a prediction"
                    .formatted(SHOP)
                + " must be a finite number");
    assertThat(answer.text()).doesNotContain("\"Infinity\"");
  }

  @Test
  void onePathsRefuseToo() throws Exception {
    String iris = "{\"sepal_length\":1,\"sepal_width\":20,\"petal_length\":1,\"petal_width\":1}";
    requireRefused(server.post("/predict", iris), "the body");
    requireRefused(server.post("/inference", "{\"input_data\":[1,20,1,1]}"), "input_data");
    String block =
        FakeModels.HOUSING_INPUTS.stream()
            .map(name -> "\"" + name + "\":20")
            .collect(Collectors.joining(",", "{", "}"));
    requireRefused(server.post("/model/predict", block), "the body");
  }

  @Test
  void aShadowsRowsAreNoPredictionsEitherAndHinderNobody() throws Exception {
    models.rollOut(SHOP, new Rollout("7", null, 0.1, "8"));
    server.refresh(SHOP);

    assertThat(server.post(PREDICT, "{\"instances\":[%s,%s]}".formatted(LOW, HIGH)).status())
        .isEqualTo(200);

    await()
        .untilAsserted(
            () ->
                assertThat(server.get("/metrics").text())
                    .contains(
                        "millrace_predictions_total{alias=\"shadow\",model=\"%s\",version=\"8\"} 1.0"
                            .formatted(SHOP))
                    .contains(
                        "millrace_predictions_not_finite_total{alias=\"shadow\",model=\"%s\",version=\"8\"} 1.0"
                            .formatted(SHOP)));
  }

  @Test
  void theyAreCounted() throws Exception {
    server.post(PREDICT, "{\"instances\":[%s,%s]}".formatted(HIGH, HIGH));

    assertThat(server.get("/metrics").text())
        .contains(
            "millrace_predictions_not_finite_total{alias=\"champion\",model=\"%s\",version=\"8\"} 2.0"
                .formatted(SHOP))
        .contains(
            "millrace_predictions_total{alias=\"champion\",model=\"%s\",version=\"8\"} 0.0"
                .formatted(SHOP));
  }

  private void know(long user, long product, double price) {
    Event event =
        new Event(
            Instant.parse("2019-10-01T00:00:00Z"),
            EventType.CART,
            product,
            3L,
            "apparel.shoes",
            "apple",
            price,
            user,
            "session");
    server.rows.put(new OnlineKey(user, product), OnlineRow.of(event, 4));
  }
}
