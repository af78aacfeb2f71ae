package io.millrace.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.core.events.Event;
import io.millrace.core.events.EventType;
import io.millrace.core.features.OnlineKey;
import io.millrace.core.features.OnlineRow;
import io.millrace.serving.TestServer.Answer;
import io.millrace.serving.models.Rollout;
import io.millrace.serving.models.Rows;
import io.millrace.serving.predict.NamedModelRoutes;
import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PredictTest {
  private static final String SHOP = NamedModelRoutes.PURCHASE;
  private static final String PATH = "/models/" + SHOP + "/predict";

  private final TestServer server =
      new TestServer(
          new FakeModels()
              .register(SHOP, "7", 0.25f, 0.75f)
              .register(SHOP, "8", 0.5f, 1)
              .rollOut(SHOP, Rollout.of("7")));

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void answersOnePredictionAnInstanceAndSaysWhoMadeItAndWhatWasMissing() throws Exception {
    Answer answer =
        server.post(
            PATH,
            """
            {"instances":[{"brand":"sony","price":3,"activity_count":1},
                          {"price":30.5,"activity_count":2,"brand":null}]}\
            """);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text())
        .isEqualTo(
            "{\"predictions\":[0.25,0.75],\"model\":\"purchase_prediction_model\",\"version\":\"7\","
                + "\"alias\":\"champion\",\"missing\":{\"1\":[\"brand\"]}}");
    assertThat(answer.headers().get("x-request-id")).hasSize(1);
    assertThat(server.records).hasSize(1);
    Rows rows = server.records.element().rows();
    assertThat(rows.at(0, 0)).isEqualTo(1);
    assertThat(rows.at(1, 0)).isEqualTo(-1);
    assertThat(rows.at(1, 1)).isEqualTo(30.5f);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"instances\":[{\"colour\":1}]} | 422 | instances[0].colour: is no input of the model",
        "{\"instances\":[{\"price\":\"x\",\"activity_count\":1}]} | 422 | instances[0].price: must"
            + " be a number, but is a text",
        "{\"instances\":[{\"price\":true,\"activity_count\":1}]} | 422 | instances[0].price: must"
            + " be a number, but is a boolean",
        "{\"instances\":[{\"price\":1e39,\"activity_count\":1}]} | 422 | instances[0].price: must"
            + " be a number of at most 3.4e38",
        "{\"instances\":[{\"price\":1,\"price\":2,\"activity_count\":1}]} | 422 |"
            + " instances[0].price: is given twice",
        "{\"instances\":[{\"brand\":{},\"price\":1,\"activity_count\":1}]} | 422 |"
            + " instances[0].brand: must be a text or a whole number, but is an object",
        "{\"instances\":[{\"price\":1}]} | 422 | instances[0].activity_count: is required",
        "{\"instances\":[3]} | 422 | instances[0]: must be an object, but is a number",
        "{\"instances\":{}} | 422 | instances: must be a list",
        "{\"instances\":[],\"entities\":[]} | 422 | instances: is required, or else entities",
        "{\"surprise\":[]} | 422 | surprise: is not known here",
        "null | 422 | the body: must be an object, but is null",
        "[] | 422 | the body: must be an object, but is a list",
        "{} | 422 | instances: is required",
        "{\"inst | 400 | ",
        "{\"instances\":[]}{} | 400 | There is more behind the end",
        "{\"instances\":[{\"price\":NaN}]} | 400 | ",
        "'' | 400 | The body is empty"
      })
  void refusesBadInputAsAProblem(String body, int status, String detail) throws Exception {
    Answer answer = server.post(PATH, body);

    assertThat(answer.status()).as(answer.text()).isEqualTo(status);
    assertThat(answer.type()).isEqualTo("application/problem+json");
    assertThat(answer.json().get("status").asInt()).isEqualTo(status);
    assertThat(answer.json().get("detail").asText()).contains(detail == null ? "" : detail);
    assertThat(answer.text()).doesNotContain("\tat ");
    assertThat(server.records).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"instances\":[{\"price\":1,}]} | it is not valid JSON at line 1, column 26",
        "{\"instances\" [] | it is not valid JSON at line 1, column 14",
        "{\"instances\":[01]} | it is not valid JSON at line 1, column 16",
        "{\"instances\":[{\"price\":NaN}]} | it is not valid JSON at line 1, column 27",
        "{\"instances\":[tru]} | it is not valid JSON at line 1, column 15",
        "{\"inst | it ends in the middle of the document at line 1, column 7",
        "} | it is not valid JSON at line 1, column 1"
      })
  void saysWhereTheJsonIsWrongInItsOwnWords(String body, String detail) throws Exception {
    Answer answer = server.post(PATH, body);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.json().get("detail").asText())
        .isEqualTo("The body cannot be read: " + detail);
  }

  @Test
  void saysThatTheJsonIsTooDeep() throws Exception {
    Answer answer = server.post(PATH, "{\"instances\":" + "[".repeat(3_000));

    assertThat(answer.text()).doesNotContain("StreamReadConstraints", "Jackson");
  }

  @Test
  void refusesWhatIsTooLarge() throws Exception {
    String one = "{\"price\":1,\"activity_count\":1},";
    String instances = one.repeat(10_001);

    Answer many =
        server.post(
            PATH, "{\"instances\":[%s]}".formatted(instances.substring(0, instances.length() - 1)));
    Answer large = server.post(PATH, " ".repeat((8 << 20) + 1));

    assertThat(many.status()).isEqualTo(413);
    assertThat(many.json().get("detail").asText()).contains("more than 10000 items");
    assertThat(large.status()).isEqualTo(413);
    assertThat(large.type()).isEqualTo("application/problem+json");
  }

  @Test
  void namesTheModelsThatThereAre() throws Exception {
    Answer answer = server.post("/models/nope/predict", "{\"instances\":[]}");

    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.json().get("detail").asText())
        .isEqualTo("No model 'nope' is served; there are [purchase_prediction_model]");
    assertThat(server.get("/nothing").type()).isEqualTo("application/problem+json");
  }

  @Test
  void looksFeaturesUpAndGoesOnPastAnEntityThatHasNone() throws Exception {
    know(1, 2, "apple", 60);

    Answer answer =
        server.post(
            "/predict",
            "[{\"user_id\":1,\"product_id\":2,\"user_session\":\"s\"},{\"user_id\":5,\"product_id\":6}]");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text())
        .isEqualTo(
            "{\"predictions\":[0.75,null],\"success\":false,\"errors\":[{\"index\":1,\"user_id\":5,\"product_id\":6,\"error\":\"There"
                + " are no online features of user 5 and product 6\"}],"
                + "\"model\":\"purchase_prediction_model\",\"version\":\"7\",\"alias\":\"champion\"}");
    assertThat(server.post(PATH, "{\"entities\":[{\"user_id\":1,\"product_id\":2}]}").text())
        .contains("\"predictions\":[0.75],\"success\":true,\"errors\":[]");
    assertThat(server.records.element().entities()).containsExactly(new OnlineKey(1, 2));
  }

  @Test
  void saysThatTheOnlineStoreIsAway() throws Exception {
    server.storeAway = true;

    Answer answer = server.post("/predict", "[{\"user_id\":1,\"product_id\":2}]");

    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.type()).isEqualTo("application/problem+json");
  }

  @Test
  void aCanaryAnswersItsShareOfTheUsersAndAlwaysTheSameOnes() throws Exception {
    server.models.rollOut(SHOP, new Rollout("7", "8", 0.3, null));
    server.refresh(SHOP);
    String body = "{\"instances\":[{\"price\":1,\"activity_count\":1}]}";

    long canary = 0;
    for (int user = 0; user < 400; user++) {
      String id = Integer.toString(user);
      String first = server.post(PATH, body, "X-User-Id", id).text();
      assertThat(server.post(PATH, body.replace("{\"inst", "{\"user\":" + id + ",\"inst")).text())
          .isEqualTo(first);
      canary += first.contains("\"version\":\"8\",\"alias\":\"canary\"") ? 1 : 0;
    }

    assertThat(canary).isBetween(80L, 160L);
    assertThat(server.post(PATH, body).text()).contains("\"alias\":\"champion\"");
  }

  @Test
  void aShadowIsScoredAndRecordedButNeverAnswers() throws Exception {
    server.models.rollOut(SHOP, new Rollout("7", null, 0.1, "8"));
    server.refresh(SHOP);
    know(1, 2, "apple", 60);

    Answer own = server.post(PATH, "{\"instances\":[{\"price\":1,\"activity_count\":1}]}");
    Answer looked = server.post("/predict", "[{\"user_id\":1,\"product_id\":2}]");

    assertThat(own.text()).contains("[0.25]", "\"version\":\"7\"");
    assertThat(looked.text()).contains("[0.75]", "\"version\":\"7\"");
    await().until(() -> server.records.size() == 4);
    assertThat(server.records.stream().filter(r -> r.version().alias().equals("shadow")))
        .extracting(record -> record.scores().at(0, 0))
        .containsExactlyInAnyOrder(0.5f, 1f);
  }

  @Test
  void keepsASensibleRequestIdAndMakesOneInPlaceOfAnother() throws Exception {
    assertThat(server.post(PATH, "{}", "X-Request-Id", "abc-1").headers().get("x-request-id"))
        .containsExactly("abc-1");
    assertThat(server.post(PATH, "{}", "X-Request-Id", "a b\"c").headers().get("x-request-id"))
        .doesNotContain("a b\"c")
        .hasSize(1);
    assertThat(IntStream.range(0, 20).mapToObj(i -> id()).distinct()).hasSize(20);
  }

  private String id() {
    try {
      return server.get("/health").headers().get("x-request-id").get(0);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private void know(long user, long product, String brand, double price) {
    Event event =
        new Event(
            Instant.parse("2019-10-01T00:00:00Z"),
            EventType.CART,
            product,
            3L,
            "apparel.shoes",
            brand,
            price,
            user,
            "session");
    server.rows.put(new OnlineKey(user, product), OnlineRow.of(event, 4));
  }
}
