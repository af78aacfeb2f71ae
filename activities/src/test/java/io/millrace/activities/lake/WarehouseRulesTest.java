package io.millrace.activities.lake;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.events.Event;
import io.millrace.core.events.EventType;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class WarehouseRulesTest {
  @Test
  void takesWhatFitsTheTables() {
    assertThat(violation("2000-01-01T00:00:00Z", 99_999_999.99, "s".repeat(255))).isNull();
    assertThat(violation("2099-12-31T23:59:59.999999Z", 0.01, "")).isNull();
  }

  @Test
  void namesTheFieldTheLimitAndTheValue() {
    assertThat(violation("1999-12-31T23:59:59Z", 1, "s"))
        .isEqualTo("event_time must be in the years 2000 to 2099, but is 1999-12-31T23:59:59Z");
    assertThat(violation("2100-01-01T00:00:00Z", 1, "s")).startsWith("event_time must be");
    assertThat(violation("2019-10-01T00:00:00Z", 1e8, "s"))
        .isEqualTo("price must be at most 99999999.99, but is 1.0E8");
    assertThat(violation("2019-10-01T00:00:00Z", 1, "s".repeat(256)))
        .isEqualTo("user_session must have at most 255 characters, but has 256");
  }

  private static String violation(String time, double price, String session) {
    return WarehouseRules.violation(
        new Event(Instant.parse(time), EventType.VIEW, 1, 1, null, null, price, 1, session));
  }
}
