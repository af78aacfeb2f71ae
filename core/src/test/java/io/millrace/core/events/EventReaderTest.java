package io.millrace.core.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventReaderTest {
  private static final String PAYLOAD =
      """
      {"event_time":"2019-10-01 00:00:00 UTC","event_type":"view","product_id":44600062,\
      "category_id":2103807459595387724,"category_code":null,"brand":"shiseido","price":35.79,\
      "user_id":541312140,"user_session":"72d76fde-8bb3-4e00-8c23-a032dfed738c"}\
      """;
  private static final Event EVENT =
      new Event(
          Instant.parse("2019-10-01T00:00:00Z"),
          EventType.VIEW,
          44600062,
          2103807459595387724L,
          null,
          "shiseido",
          35.79,
          541312140,
          "72d76fde-8bb3-4e00-8c23-a032dfed738c");

  private final EventReader reader = new EventReader();

  private Verdict read(String message) {
    return reader.read(message.getBytes(StandardCharsets.UTF_8));
  }

  private Verdict readPayload(String payload) {
    return read("{\"schema\":{\"type\":\"struct\",\"fields\":[]},\"payload\":" + payload + "}");
  }

  @Test
  void readsTheRawEnvelope() {
    assertThat(readPayload(PAYLOAD)).isEqualTo(new Verdict.Valid(EVENT));
    assertThat(reader.read(RawEnvelope.of(EVENT))).isEqualTo(new Verdict.Valid(EVENT));
  }

  @Test
  void readsTheFlattenedDebeziumEnvelope() {
    assertThat(reader.read(CdcEnvelope.of(EVENT))).isEqualTo(new Verdict.Valid(EVENT));
  }

  @Test
  void readsAPayloadWithoutItsSchema() {
    assertThat(read("{\"payload\":" + PAYLOAD + "}")).isEqualTo(new Verdict.Valid(EVENT));
    assertThat(read(PAYLOAD)).isEqualTo(new Verdict.Valid(EVENT));
  }

  @Test
  void readsWhatValidationWrote() {
    byte[] validated = OutputEnvelope.valid(RawEnvelope.of(EVENT), Instant.EPOCH);

    assertThat(reader.read(validated)).isEqualTo(new Verdict.Valid(EVENT));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "event_time",
        "event_type",
        "product_id",
        "category_id",
        "category_code",
        "brand",
        "price",
        "user_id",
        "user_session"
      })
  void requiresEveryFieldEvenTheNullableOnes(String field) {
    String renamed = PAYLOAD.replace('"' + field + '"', '"' + field + "_\"");

    assertThat(readPayload(renamed))
        .isEqualTo(new Verdict.Invalid("Field " + field + " is required"));
  }

  @Test
  void judgesByItsOwnContractAndNotByTheMessagesSchema() {
    String message =
        """
        {"schema":{"fields":[{"field":"brand","optional":true},{"field":"price","type":"string"}]},\
        "payload":%s}\
        """;

    assertThat(read(message.formatted(PAYLOAD))).isInstanceOf(Verdict.Valid.class);
    assertThat(read(message.formatted(PAYLOAD.replace("\"brand\"", "\"Brand\""))))
        .isEqualTo(new Verdict.Invalid("Field brand is required"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "\"2019-10-01 00:00:00 UTC\" | null | event_time",
        "\"2019-10-01 00:00:00 UTC\" | 1569888000000000 | event_time",
        "\"2019-10-01 00:00:00 UTC\" | \"2019-10-01 00:00:00\" | event_time",
        "\"view\" | null | event_type",
        "\"view\" | 1 | event_type",
        "44600062 | null | product_id",
        "44600062 | true | product_id",
        "44600062 | \"44600062\" | product_id",
        "44600062 | 44600062.0 | product_id",
        "44600062 | 1e3 | product_id",
        "44600062 | 9223372036854775808 | product_id",
        "2103807459595387724 | null | category_id",
        "2103807459595387724 | \"21O3\" | category_id",
        "2103807459595387724 | \"\" | category_id",
        "2103807459595387724 | \"-\" | category_id",
        "2103807459595387724 | \"+1\" | category_id",
        "2103807459595387724 | \"01\" | category_id",
        "2103807459595387724 | \" 1\" | category_id",
        "2103807459595387724 | \"9223372036854775808\" | category_id",
        "2103807459595387724 | [1] | category_id",
        "\"category_code\":null | \"category_code\":7 | category_code",
        "\"shiseido\" | {} | brand",
        "\"shiseido\" | \"a\\u0000b\" | brand",
        "\"shiseido\" | \"\\ud800\" | brand",
        "\"shiseido\" | \"\\udc00\\ud800\" | brand",
        "35.79 | null | price",
        "35.79 | \"35.79\" | price",
        "35.79 | \"NaN\" | price",
        "35.79 | 1e999 | price",
        "35.79 | false | price",
        "541312140 | null | user_id",
        "541312140 | \"541312140\" | user_id",
        "\"72d76fde-8bb3-4e00-8c23-a032dfed738c\" | null | user_session",
        "\"72d76fde-8bb3-4e00-8c23-a032dfed738c\" | 5 | user_session",
      })
  void refusesValuesOfTheWrongType(String value, String replacement, String field) {
    assertThat(readPayload(PAYLOAD.replace(value, replacement)))
        .isEqualTo(new Verdict.Invalid("Field " + field + " has invalid type"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-0.0", "-100", "-1e300", "1e-400"})
  void refusesAPriceThatIsNotAboveZero(String price) {
    assertThat(readPayload(PAYLOAD.replace("35.79", price)))
        .isEqualTo(new Verdict.Invalid("Price should be greater than 0"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"buy", "VIEW", "view "})
  void refusesAnUnknownEventType(String type) {
    assertThat(readPayload(PAYLOAD.replace("\"view\"", '"' + type + '"')))
        .isEqualTo(
            new Verdict.Invalid(
                "Event type should be one of: view, cart, purchase, remove_from_cart"));
  }

  @Test
  void namesTheFirstBrokenRuleInContractOrder() {
    String payload = "{\"price\":-1,\"event_type\":\"buy\",\"event_time\":7}";

    assertThat(readPayload(payload))
        .isEqualTo(new Verdict.Invalid("Field event_time has invalid type"));
    assertThat(readPayload("{}")).isEqualTo(new Verdict.Invalid("Field event_time is required"));
  }

  @Test
  void acceptsACategoryIdInQuotesAndAWholePrice() {
    String payload =
        PAYLOAD.replace("2103807459595387724", "\"2103807459595387724\"").replace("35.79", "36");

    assertThat(readPayload(payload))
        .isEqualTo(
            new Verdict.Valid(
                new Event(
                    EVENT.eventTime(),
                    EVENT.eventType(),
                    EVENT.productId(),
                    EVENT.categoryId(),
                    null,
                    EVENT.brand(),
                    36,
                    EVENT.userId(),
                    EVENT.userSession())));
  }

  @Test
  void takesTheLastOfTwoValuesOfAKey() {
    String twice = PAYLOAD.replace("\"price\":35.79", "\"price\":-1,\"price\":35.79");
    String badLast = PAYLOAD.replace("\"price\":35.79", "\"price\":35.79,\"price\":-1");
    String message = "{\"payload\":%s,\"payload\":%s}";

    assertThat(readPayload(twice)).isEqualTo(new Verdict.Valid(EVENT));
    assertThat(readPayload(badLast))
        .isEqualTo(new Verdict.Invalid("Price should be greater than 0"));
    assertThat(read(message.formatted("{}", PAYLOAD))).isEqualTo(new Verdict.Valid(EVENT));
    assertThat(read(message.formatted(PAYLOAD, "{}")))
        .isEqualTo(new Verdict.Invalid("Field event_time is required"));
    assertThat(read(message.formatted(PAYLOAD, "null"))).isInstanceOf(Verdict.Unreadable.class);
  }
}
