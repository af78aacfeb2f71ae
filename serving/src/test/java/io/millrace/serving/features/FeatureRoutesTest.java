package io.millrace.serving.features;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.core.events.Event;
import io.millrace.core.events.EventType;
import io.millrace.core.features.OnlineKey;
import io.millrace.core.features.OnlineRow;
import io.millrace.serving.FakeModels;
import io.millrace.serving.TestServer;
import io.millrace.serving.TestServer.Answer;
import io.millrace.serving.models.Rollout;
import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FeatureRoutesTest {
  private static final Instant TIME = Instant.parse("2019-10-01T00:00:00.25Z");
  private static TestServer server;

  @BeforeAll
  static void start() {
    server =
        new TestServer(
            new FakeModels().register("shop", "7", 0, 1).rollOut("shop", Rollout.of("7")));
    Event event = new Event(TIME, EventType.CART, 2, 3, "apparel", "nike", 60.5, 1, "visit");
    server.rows.put(new OnlineKey(1, 2), OnlineRow.of(event, 4));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @AfterEach
  void back() {
    server.storeAway = false;
  }

  @Test
  void answersInColumnsOfOneElement() throws Exception {
    Answer answer = server.post("/features", "{\"user_id\":1,\"product_id\":2}");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text())
        .isEqualTo(
            "{\"user_id\":[1],\"product_id\":[2],\"activity_count\":[4],\"event_weekday\":[1],"
                + "\"brand\":[\"nike\"],\"price\":[60.5],\"category_code_level1\":[\"apparel\"],"
                + "\"category_code_level2\":[null],"
                + "\"event_timestamp\":[\"2019-10-01T00:00:00.250Z\"]}");
  }

  @Test
  void whatIsUnknownIsNullAndHarmsNoNeighbour() throws Exception {
    Answer single = server.post("/features", "{\"user_id\":9,\"product_id\":9}");
    Answer batch =
        server.post(
            "/features",
            "{\"entities\":[{\"user_id\":9,\"product_id\":9},{\"user_id\":1,\"product_id\":2}]}");

    assertThat(single.status()).isEqualTo(200);
    assertThat(single.json().get("price").toString()).isEqualTo("[null]");
    assertThat(single.json().get("event_timestamp").toString()).isEqualTo("[null]");
    assertThat(batch.json().get("user_id").toString()).isEqualTo("[9,1]");
    assertThat(batch.json().get("price").toString()).isEqualTo("[null,60.5]");
    assertThat(server.post("/features", "{\"entities\":[]}").json().get("brand")).isEmpty();
  }

  @Test
  void answersWhatWasKnownThen() throws Exception {
    String entity = "{\"user_id\":1,\"product_id\":2,\"timestamp\":\"%s\"}";
    Answer answer =
        server.post(
            "/features/historical",
            "{\"entities\":[%s,%s]}"
                .formatted(
                    entity.formatted("2019-10-01T02:00:00.25+02:00"),
                    entity.formatted("2019-10-01T00:00:00.24Z")));

    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    assertThat(answer.json().get("timestamp").toString())
        .isEqualTo("[\"2019-10-01T00:00:00.250Z\",\"2019-10-01T00:00:00.240Z\"]");
    assertThat(answer.json().get("brand").toString()).isEqualTo("[\"nike\",null]");
    assertThat(answer.json().get("event_timestamp").toString())
        .isEqualTo("[\"2019-10-01T00:00:00.250Z\",null]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/features | {} | user_id: is required",
        "/features | {\"user_id\":1} | product_id: is required",
        "/features | {\"user_id\":\"1\",\"product_id\":2} | user_id: must be a whole number",
        "/features | {\"user_id\":1,\"user_id\":1,\"product_id\":2} | user_id: is given twice",
        "/features | {\"user_id\":1,\"product_id\":2,\"x\":1} | x: is not known here",
        "/features | {\"user_id\":1,\"entities\":[]} | entities: must not stand beside",
        "/features | {\"entities\":[3]} | entities[0]: must be an object, but is a number",
        "/features | {\"entities\":[{\"user_id\":1}]} | entities[0].product_id: is required",
        "/features | [] | the body: must be an object",
        "/features/historical | {} | entities: is required",
        "/features/historical | {\"entities\":[{\"user_id\":1,\"product_id\":2}]} |"
            + " entities[0].timestamp: is required",
        "/features/historical | {\"entities\":[{\"timestamp\":\"2019-10-01\"}]} |"
            + " entities[0].timestamp: must be a time with its zone",
        "/features/historical | {\"entities\":[{\"timestamp\":\"+10000-01-01T00:00:00Z\"}]} |"
            + " entities[0].timestamp: must be a time with its zone",
        "/features/historical | {\"user_id\":1} | user_id: is not known here"
      })
  void refusesBadInputByItsPath(String path, String body, String detail) throws Exception {
    Answer answer = server.post(path, body);

    assertThat(answer.status()).as(answer.text()).isEqualTo(422);
    assertThat(answer.json().get("detail").asText()).startsWith(detail);
  }

  @Test
  void refusesMoreThanOneRequestMayHave() throws Exception {
    String[] many = new String[10_001];
    Arrays.fill(many, "{\"user_id\":1,\"product_id\":2}");

    Answer answer =
        server.post("/features", "{\"entities\":[%s]}".formatted(String.join(",", many)));

    assertThat(answer.status()).isEqualTo(413);
  }

  @Test
  void aStoreThatIsAwayIs503() throws Exception {
    server.storeAway = true;

    Answer online = server.post("/features", "{\"user_id\":1,\"product_id\":2}");
    Answer warehouse = server.post("/features/historical", "{\"entities\":[]}");

    assertThat(online.status()).isEqualTo(503);
    assertThat(warehouse.status()).isEqualTo(503);
    assertThat(warehouse.text()).contains("The warehouse does not answer").doesNotContain("role");
  }

  @Test
  void tellsWhatTheFeaturesAre() throws Exception {
    JsonNode metadata = server.get("/features/metadata").json();

    assertThat(metadata.get("features").findValuesAsText("name"))
        .containsExactly(
            "activity_count",
            "event_weekday",
            "brand",
            "price",
            "category_code_level1",
            "category_code_level2");
    assertThat(metadata.get("features").get(3).get("models").toString()).isEqualTo("[\"shop\"]");
    assertThat(metadata.get("features").get(1).get("models")).isEmpty();
    assertThat(metadata.get("ttl_seconds").asLong()).isEqualTo(86_400);
    assertThat(metadata.get("key_layout").asText())
        .isEqualTo("millrace:features:v1:<user_id>:<product_id>");
    assertThat(metadata.get("historical").asBoolean()).isTrue();
  }
}
