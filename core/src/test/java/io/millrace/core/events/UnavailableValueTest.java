package io.millrace.core.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is no value in any field: nothing, and Debezium's placeholder. */
class UnavailableValueTest {
  private static final String PLACEHOLDER = "__debezium_unavailable_value";
  private static final List<String> ROW =
      List.of("2019-10-01 00:00:00 UTC", "view", "1", "2", "a.b", "acme", "3.5", "4", "s-1");

  private final EventReader reader = new EventReader();

  @ParameterizedTest
  @EnumSource
  void thePlaceholderIsNoValueInAnyForm(EventField field) {
    byte[] bytes = PLACEHOLDER.getBytes(StandardCharsets.UTF_8);

    for (String form :
        List.of(
            PLACEHOLDER,
            Base64.getEncoder().encodeToString(bytes),
            Base64.getUrlEncoder().withoutPadding().encodeToString(bytes),
            HexFormat.of().formatHex(bytes))) {
      assertThat(verdicts(reader, field, '"' + form + '"'))
          .as(form)
          .containsOnly(
              new Verdict.Invalid(
                  "Field %s is unavailable: it has Debezium's placeholder for an unknown value"
                      .formatted(field.fieldName())));
    }
    assertThat(verdicts(reader, field, "[\"" + PLACEHOLDER + "\"]"))
        .allSatisfy(verdict -> assertThat(verdict).isInstanceOf(Verdict.Invalid.class));
  }

  @Test
  void aConnectorsOwnPlaceholderIsNoValueEither() {
    EventReader configured = new EventReader(UnavailableValue.of("n/a"));

    assertThat(verdicts(configured, EventField.BRAND, "\"n/a\""))
        .allSatisfy(verdict -> assertThat(verdict.toString()).contains("brand is unavailable"));
    assertThat(verdicts(reader, EventField.BRAND, "\"n/a\""))
        .allSatisfy(verdict -> assertThat(verdict).isInstanceOf(Verdict.Valid.class));
    assertThatThrownBy(() -> UnavailableValue.of(" ")).hasMessageContaining("must not be blank");
  }

  @ParameterizedTest
  @EnumSource
  void anEmptyTextIsTheSameAsNull(EventField field) {
    assertThat(verdicts(reader, field, "\"\"")).isEqualTo(verdicts(reader, field, "null"));
    assertThat(verdicts(reader, field, "\"\""))
        .allSatisfy(
            verdict ->
                assertThat(verdict)
                    .isInstanceOf(
                        field.isNullable() ? Verdict.Valid.class : Verdict.Invalid.class));
  }

  /** With the parser, and without it, which knows what a producer's message begins with. */
  private static List<Verdict> verdicts(EventReader reader, EventField field, String json) {
    List<String> row = new ArrayList<>(ROW);
    row.set(EventField.names().indexOf(field.fieldName()), "@@@");
    String plain =
        new String(RawEnvelope.ofColumns(row), StandardCharsets.UTF_8).replace("\"@@@\"", json);
    return List.of(
        reader.read(plain.getBytes(StandardCharsets.UTF_8)),
        reader.read((' ' + plain).getBytes(StandardCharsets.UTF_8)),
        reader.read(
            plain
                .replace("\"event_time\"", "\"event\\u005ftime\"")
                .getBytes(StandardCharsets.UTF_8)));
  }
}
