package io.millrace.core.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PredictionMessageTest {
  private static final Instant TIME = Instant.parse("2026-11-21T10:20:30.123456Z");

  private static PredictionMessage message(@Nullable Long user, List<Float> prediction) {
    return new PredictionMessage(
        TIME,
        "a-0",
        "r",
        0,
        "shop",
        "7",
        "champion",
        user,
        null,
        "{\"brand\":\"ü\",\"price\":129.5,\"level\":null,\"count\":3}",
        prediction,
        0.25);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void readsWhatItWrites() {
    PredictionMessage one = message(5L, List.of(0.1f));
    PredictionMessage many = message(null, List.of(0.1f, 0.9f));

    assertThat(PredictionMessage.parse(one.bytes())).isEqualTo(one);
    assertThat(PredictionMessage.parse(many.bytes())).isEqualTo(many);
    assertThat(PredictionMessage.timeOf(one.bytes())).isEqualTo(TIME);
  }

  @ParameterizedTest
  @CsvSource({
    "x",
    "[]",
    "{}",
    "{\"timestamp\":3}",
    "{\"timestamp\":\"1999-12-31T00:00:00Z\"}",
    "''"
  })
  void hasNoTimeWithoutASensibleOne(String text) {
    assertThat(PredictionMessage.timeOf(bytes(text))).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"row\":0 | \"row\":-1 | row must be 0 or more",
        "\"row\":0 | \"place\":0 | row is missing",
        "\"user_id\":5 | \"user_id\":5.5 | user_id must be a whole number",
        "\"alias\":\"champion\" | \"alias\":null | alias must be a text",
        "\"alias\":\"champion\" | \"alias\":\"a\\u0000\" | alias must not have a NUL",
        "\"prediction\":0.1 | \"prediction\":[] | prediction is missing",
        "\"prediction\":0.1 | \"prediction\":\"NaN\" | prediction must be a number",
        "129.5 | 1e999 | features.price must be a finite number",
        "129.5 | {} | features.price must be a number",
        "129.5 | \"\\u0000\" | features.price must not have a NUL",
        "2026-11-21 | 2126-11-21 | timestamp must be in the years 2000 to 2099",
        "2026-11-21T | 2026-13-21T | timestamp is not a time",
        "\"latency_ms\":0.25} | \"latency_ms\":0.25}{} | more behind the end",
        "\"latency_ms\":0.25} | \"latency_ms\": | Not JSON"
      })
  void saysWhatIsWrong(String found, String replaced, String reason) {
    String text = new String(message(5L, List.of(0.1f)).bytes(), StandardCharsets.UTF_8);
    assertThat(text).contains(found);

    assertThatThrownBy(() -> PredictionMessage.parse(bytes(text.replace(found, replaced))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(reason);
  }
}
