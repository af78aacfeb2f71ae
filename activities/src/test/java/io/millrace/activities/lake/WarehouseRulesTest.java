package io.millrace.activities.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.events.Event;
import io.millrace.core.events.EventType;
import java.time.Instant;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;

class WarehouseRulesTest {
  private static final Instant NOW = Instant.parse("2026-11-21T23:59:59Z");

  @Test
  void takesWhatFitsTheTables() {
    assertThat(violation("1995-01-01T00:00:00Z", 99_999_999.99, "s".repeat(255))).isNull();
    assertThat(violation("2026-11-23T23:59:59.999999Z", 0.01, "")).isNull();
  }

  @Test
  void namesTheDateTheWindowAndTheSettings() {
    assertThat(violation("1994-12-31T23:59:59.999999Z", 1, "s"))
        .isEqualTo(
            "event_time 1994-12-31T23:59:59.999999Z is outside of 1995-01-01 to 2026-11-23, the"
                + " days that the settings warehouse.earliest-date=1995-01-01 and"
                + " warehouse.days-ahead=2 allow");
    assertThat(violation("2026-11-24T00:00:00Z", 1, "s"))
        .startsWith("event_time 2026-11-24T00:00:00Z is outside of 1995-01-01 to 2026-11-23");
  }

  @Test
  void theOperatorSetsTheWindow() {
    WarehouseRules rules =
        new WarehouseRules(new EventWindow(LocalDate.parse("1900-01-01"), 0), NOW);

    assertThat(rules.violation(event("1900-01-01T00:00:00Z", 1, "s"))).isNull();
    assertThat(rules.violation(event("2026-11-22T00:00:00Z", 1, "s"))).contains("days-ahead=0");
  }

  @Test
  void refusesAWindowOfTooManyMonths() {
    assertThatThrownBy(() -> new EventWindow(LocalDate.parse("1899-12-31"), 0))
        .hasMessage(
            "warehouse.earliest-date must be a date from 1900-01-01 to 9999-12-31, but is"
                + " '1899-12-31'");
    assertThatThrownBy(() -> new EventWindow(LocalDate.parse("1995-01-01"), -1))
        .hasMessageContaining("warehouse.days-ahead must be between 0 and 3660, but is '-1'");
  }

  @Test
  void namesTheFieldTheLimitAndTheValue() {
    assertThat(violation("2019-10-01T00:00:00Z", 1e8, "s"))
        .isEqualTo("price must be at most 99999999.99, but is 1.0E8");
    assertThat(violation("2019-10-01T00:00:00Z", 1, "s".repeat(256)))
        .isEqualTo("user_session must have at most 255 characters, but has 256");
  }

  private static String violation(String time, double price, String session) {
    return new WarehouseRules(EventWindow.DEFAULT, NOW).violation(event(time, price, session));
  }

  private static Event event(String time, double price, String session) {
    return new Event(Instant.parse(time), EventType.VIEW, 1, 1, null, null, price, 1, session);
  }
}
