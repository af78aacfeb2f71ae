package io.millrace.core.alerts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.events.OutputEnvelope;
import io.millrace.core.events.Verdict;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AlertTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

  @ParameterizedTest
  @CsvSource({
    "SCHEMA_VALIDATION_ERROR,HIGH",
    "a Schema,HIGH",
    "PROCESSING_ERROR,MEDIUM",
    "UNKNOWN,MEDIUM"
  })
  void hasTheSeverityOfItsErrorType(String errorType, Severity severity) {
    assertThat(Severity.of(errorType)).isEqualTo(severity);
  }

  @Test
  void readsWhatTheValidationWrote() {
    byte[] message =
        OutputEnvelope.invalid(
            "{\"payload\":{\"error_type\":\"not mine\"}}".getBytes(UTF_8),
            new Verdict.Invalid("Field brand is required"),
            NOW);

    InvalidEvent event = InvalidEvent.read("raw", message, NOW.toEpochMilli());

    assertThat(event)
        .isEqualTo(
            new InvalidEvent(
                "raw",
                "SCHEMA_VALIDATION_ERROR",
                "Field brand is required",
                NOW.toEpochMilli(),
                null));
  }

  @Test
  void fillsInWhatAMessageDoesNotSay() {
    InvalidEvent event = InvalidEvent.read(null, "{\"error_type\":7}".getBytes(UTF_8), 0);

    assertThat(event)
        .isEqualTo(new InvalidEvent("UNKNOWN", "UNKNOWN", "No error message", 0, null));
    assertThat(event.severity()).isEqualTo(Severity.MEDIUM);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "{\"a\":", "plain"})
  void isLowAndKeepsTheMessageWhenItCannotBeRead(String message) {
    Alert alert = Alert.of(InvalidEvent.read("raw", message.getBytes(UTF_8), 0), 0);

    assertThat(alert.severity()).isEqualTo(Severity.LOW);
    assertThat(alert.errorType()).isEqualTo("PROCESSING_ERROR");
    assertThat(alert.rawEvent()).isEqualTo(message);
  }

  @Test
  void survivesJson() {
    Alert event = Alert.of(InvalidEvent.read("raw", "\"quote\n".getBytes(UTF_8), 1), 2);
    Alert rate =
        Alert.of(
            new InvalidEvent("cdc", "SCHEMA_VALIDATION_ERROR", "Field a", 5_000, null),
            new RateWindow(1, 60, 7.25, Long.MIN_VALUE),
            AlertRules.STANDARD);

    assertThat(Alert.parse(event.toJson())).contains(event);
    assertThat(Alert.parse(rate.toJson())).contains(rate);
    assertThat(rate.errorMessage())
        .isEqualTo("60 invalid messages within 60 s, usually 7.3; last: Field a");
    assertThat(Alert.parse("{\"severity\":\"HIGH\"}".getBytes(UTF_8))).isEmpty();
    assertThat(Alert.parse(null)).isEmpty();
  }

  @Test
  void refusesRulesThatMakeNoSense() {
    assertThatThrownBy(() -> new AlertRules(Duration.ZERO, 1, 1, Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("PT0S");
  }
}
