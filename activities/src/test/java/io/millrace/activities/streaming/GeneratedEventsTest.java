package io.millrace.activities.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.events.EventReader;
import io.millrace.core.events.Verdict;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GeneratedEventsTest {
  private static final Instant START = Instant.parse("2019-10-01T00:00:00Z");

  @Test
  void givesTheSameBytesForTheSameSeedAndOthersForAnother() {
    List<String> once = texts(new GeneratedEvents(500, 7, 0.1, START));

    assertThat(texts(new GeneratedEvents(500, 7, 0.1, START))).isEqualTo(once);
    assertThat(Set.copyOf(texts(new GeneratedEvents(500, 8, 0, START))))
        .doesNotContainAnyElementsOf(once);
  }

  @Test
  void spoilsTheShareThatIsAskedForInEveryWay() {
    List<RawMessage> messages = drain(new GeneratedEvents(10_000, 1, 0.1, START));
    EventReader reader = new EventReader();

    for (RawMessage message : messages) {
      assertThat(reader.read(message.value()) instanceof Verdict.Valid)
          .isEqualTo(message.kind().equals(RawMessage.EVENT));
    }
    assertThat(messages.stream().filter(message -> !message.kind().equals("event")).count())
        .isBetween(850L, 1_150L);
    assertThat(messages)
        .extracting(RawMessage::kind)
        .contains(
            "bad_wrong_type",
            "bad_missing_field",
            "bad_bad_price",
            "bad_unknown_type",
            "bad_broken_json",
            "bad_empty_message");
  }

  private static List<String> texts(GeneratedEvents events) {
    return drain(events).stream()
        .map(message -> new String(message.value(), StandardCharsets.UTF_8))
        .toList();
  }

  private static List<RawMessage> drain(GeneratedEvents events) {
    List<RawMessage> messages = new ArrayList<>();
    for (RawMessage next = events.next(); next != null; next = events.next()) {
      messages.add(next);
    }
    return messages;
  }
}
