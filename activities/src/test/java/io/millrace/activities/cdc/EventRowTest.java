package io.millrace.activities.cdc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.events.BadRows;
import io.millrace.core.events.Event;
import io.millrace.core.events.RawEnvelope;
import io.millrace.core.events.SyntheticEvents;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventRowTest {
  private final Event event =
      SyntheticEvents.stream(1, 1, Instant.parse("2019-10-01T00:00:00Z")).findFirst().orElseThrow();

  @Test
  void holdsAnEventInTheOrderOfItsFields() {
    List<Object> values = EventRow.of(RawEnvelope.of(event)).orElseThrow().values();

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
  void leavesAPriceBelowZeroAndAnUnknownTypeToTheValidation() {
    SplittableRandom random = new SplittableRandom(1);

    assertThat(EventRow.of(BadRows.of(BadRows.Kind.BAD_PRICE, event, random))).isPresent();
    assertThat(
            EventRow.of(BadRows.of(BadRows.Kind.UNKNOWN_TYPE, event, random))
                .orElseThrow()
                .values())
        .contains("add_to_wishlist");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[",
        "17",
        "{}",
        "{\"payload\":{\"event_time\":\"yesterday\"}}",
        "{\"payload\":{\"event_time\":\"2019-10-01 00:00:00 UTC\",\"price\":\"free\"}}",
        "{\"payload\":{\"event_time\":\"2019-10-01 00:00:00 UTC\",\"product_id\":1.5}}",
        "{\"payload\":{\"event_time\":\"2019-10-01 00:00:00 UTC\",\"brand\":\"a\\u0000\"}}",
      })
  void refusesWhatNoRowCanHold(String message) {
    assertThat(EventRow.of(message.getBytes(StandardCharsets.UTF_8))).isEmpty();
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
