package io.millrace.core.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class EventIdentityTest {
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

  @Test
  void isTheDigestOfTheCanonicalText() {
    // printf '44600062|2019-10-01T00:00:00Z|541312140|view|72d76fde-…' | sha256sum
    assertThat(EventIdentity.hex(EVENT))
        .isEqualTo("601abbc3ebacb362cec112f7632c973a690f62a7547a31da96bdc0e7d8b05da4");
    assertThat(EventIdentity.of(EVENT)).hasSize(32);
  }

  @Test
  void doesNotDependOnWhatCanBeCorrected() {
    Event corrected =
        new Event(
            EVENT.eventTime(),
            EVENT.eventType(),
            EVENT.productId(),
            1,
            "a.b",
            null,
            1,
            EVENT.userId(),
            EVENT.userSession());

    assertThat(EventIdentity.hex(corrected)).isEqualTo(EventIdentity.hex(EVENT));
  }
}
