package io.millrace.core.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BadRowsTest {
  private static final Instant START = Instant.parse("2019-10-01T00:00:00Z");

  @ParameterizedTest
  @EnumSource
  void isRefusedForWhatIsWrongWithIt(BadRows.Kind kind) {
    EventReader reader = new EventReader();
    SplittableRandom random = new SplittableRandom(7);
    List<Event> events = SyntheticEvents.stream(3, 500, START).toList();
    Set<String> messages = new HashSet<>();

    for (Event event : events) {
      Verdict verdict = reader.read(BadRows.of(kind, event, random));
      assertThat(verdict instanceof Verdict.Unreadable).isEqualTo(kind.isUnreadable());
      messages.add(
          verdict instanceof Verdict.Invalid invalid ? invalid.errorMessage() : "unreadable");
    }

    switch (kind) {
      case WRONG_TYPE -> assertThat(messages).hasSize(4).allMatch(m -> m.endsWith("invalid type"));
      case MISSING_FIELD -> assertThat(messages).hasSize(9).allMatch(m -> m.endsWith("required"));
      case BAD_PRICE -> assertThat(messages).containsExactly("Price should be greater than 0");
      case UNKNOWN_TYPE ->
          assertThat(messages).hasSize(1).allMatch(m -> m.startsWith("Event type"));
      case BROKEN_JSON, EMPTY_MESSAGE -> assertThat(messages).containsExactly("unreadable");
    }
  }

  @Test
  void picksEveryKindAboutAsOften() {
    SplittableRandom random = new SplittableRandom(7);
    Map<BadRows.Kind, Integer> picks = new EnumMap<>(BadRows.Kind.class);

    for (int i = 0; i < 6_000; i++) {
      picks.merge(BadRows.pick(random), 1, Integer::sum);
    }

    assertThat(picks).hasSize(6);
    assertThat(picks.values()).allMatch(count -> count > 800 && count < 1_200);
  }
}
