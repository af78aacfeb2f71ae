package io.millrace.core.features;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.events.Event;
import io.millrace.core.events.EventReader;
import io.millrace.core.events.EventType;
import io.millrace.core.events.RawEnvelope;
import io.millrace.core.events.Verdict;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class FeatureMessageTest {
  private static final Instant TIME = Instant.parse("2019-10-01T00:00:00Z");

  private static String message(String category, String brand) {
    Event event = new Event(TIME, EventType.VIEW, 5, 1, category, brand, 33.2, 4, "visit");
    EventReader reader = new EventReader();
    Verdict.Valid valid = (Verdict.Valid) reader.read(RawEnvelope.of(event));
    return new String(
        FeatureMessage.of(valid.event(), reader.eventTimeText(), TIME.plusMillis(5)),
        StandardCharsets.UTF_8);
  }

  @Test
  void hasElevenFieldsAndTheTimeAsItWasReceived() {
    assertThat(message("appliances.kitchen.hood", "elica"))
        .isEqualTo(
            "{\"event_timestamp\":\"2019-10-01 00:00:00 UTC\",\"user_id\":4,\"product_id\":5,"
                + "\"user_session\":\"visit\",\"event_type\":\"view\","
                + "\"category_code\":\"appliances.kitchen.hood\",\"price\":33.2,"
                + "\"brand\":\"elica\",\"category_code_level1\":\"appliances\","
                + "\"category_code_level2\":\"kitchen\","
                + "\"processed_at\":\"2019-10-01T00:00:00.005000\"}");
  }

  @Test
  void saysNullForWhatAnEventDoesNotHave() {
    assertThat(message(null, null))
        .contains("\"category_code\":null", "\"brand\":null")
        .contains("\"category_code_level1\":null,\"category_code_level2\":null");
  }
}
