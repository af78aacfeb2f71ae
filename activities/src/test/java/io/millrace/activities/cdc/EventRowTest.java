package io.millrace.activities.cdc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.events.BadRows;
import io.millrace.core.events.Event;
import io.millrace.core.events.EventField;
import io.millrace.core.events.RawEnvelope;
import io.millrace.core.events.SyntheticEvents;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventRowTest {
  private final Event event =
      SyntheticEvents.stream(1, 1, Instant.parse("2019-10-01T00:00:00Z")).findFirst().orElseThrow();

  @Test
  void holdsAnEventInTheOrderOfItsFields() throws Exception {
    List<Object> values = EventRow.of(RawEnvelope.of(event)).values();

    assertThat(values)
        .containsExactly(
            event.eventTime().atOffset(ZoneOffset.UTC),
            event.eventType().code(),
            event.productId(),
            event.categoryId(),
            event.categoryCode(),
            event.brand(),
            event.price(),
            event.userId(),
            event.userSession());
  }

  @Test
  void leavesAPriceBelowZeroAndAnUnknownTypeToTheValidation() throws Exception {
    SplittableRandom random = new SplittableRandom(1);

    assertThat(EventRow.of(BadRows.of(BadRows.Kind.BAD_PRICE, event, random)).values()).hasSize(9);
    assertThat(EventRow.of(BadRows.of(BadRows.Kind.UNKNOWN_TYPE, event, random)).values())
        .contains("add_to_wishlist");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "~~ | no payload",
        "[ | not JSON",
        "17 | no payload",
        "{} | no payload",
        "{\"payload\":{\"event_time\":\"yesterday\"}} | event_time is no time",
        "{\"payload\":{\"event_time\":null}} | event_time is null",
        "{\"payload\":{\"event_time\":\"2019-10-01 00:00:00 UTC\",\"product_id\":1.5}} |"
            + " product_id",
        "{\"payload\":{\"event_time\":\"2019-10-01 00:00:00 UTC\",\"brand\":\"x\"}} |"
            + " category_code",
        "{\"payload\":{\"event_time\":\"2019-10-01 00:00:00 UTC\"}} {} | not JSON",
      })
  void saysWhyNoRowCanHoldIt(String message, String reason) {
    assertThatThrownBy(() -> EventRow.of(message.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(EventRow.NoRowException.class)
        .hasMessageContaining(reason);
  }

  @ParameterizedTest
  @CsvSource({"PRICE, free", "USER_ID, 1e3", "BRAND, a@", "USER_SESSION, @"})
  void namesTheColumnThatCannotHoldItsValue(EventField field, String text) {
    List<String> row =
        new ArrayList<>(
            List.of("2019-10-01 00:00:00 UTC", "view", "1", "2", "a.b", "acme", "3.5", "4", "s"));
    row.set(
        EventField.names().indexOf(field.fieldName()),
        text.replace('@', text.length() > 1 ? '\0' : '\ud800'));

    assertThatThrownBy(() -> EventRow.of(RawEnvelope.ofColumns(row)))
        .isInstanceOf(EventRow.NoRowException.class)
        .hasMessageStartingWith(field.fieldName() + " is not ");
  }

  @Test
  void readsHostPortAndDatabaseOfTheAddress() {
    CaptureConfig config =
        new CaptureConfig(
            URI.create("http://c"), "jdbc:postgresql://db.example:5433/shop?ssl=true", "u", "p");

    assertThat(config.host()).isEqualTo("db.example");
    assertThat(config.port()).isEqualTo(5433);
    assertThat(config.database()).isEqualTo("shop");
    assertThat(config.toString()).doesNotContain("p]");
    assertThatThrownBy(() -> new CaptureConfig(URI.create("http://c"), "postgres:x", "u", "p"))
        .hasMessageContaining("cdc.jdbc-url is postgres:x");
  }
}
