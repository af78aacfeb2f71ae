package io.millrace.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.events.Event;
import io.millrace.core.events.EventIdentity;
import io.millrace.core.events.EventReader;
import io.millrace.core.events.RawEnvelope;
import io.millrace.core.events.Verdict;
import io.millrace.core.features.ActivityCount;
import io.millrace.core.features.CategoryLevels;
import io.millrace.core.features.EventWeekday;
import io.millrace.core.features.PriceTier;
import io.millrace.core.features.PurchaseLabel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Compares identity and features with what src/test/python/golden_events.py computed. */
class GoldenTest {
  private final EventReader reader = new EventReader();

  @Test
  void agreesWithAnIndependentTool() throws IOException {
    List<Event> events = lines("events.csv").stream().map(this::event).toList();

    List<String> actual = events.stream().map(event -> describe(event, events)).toList();

    assertThat(actual).hasSizeGreaterThan(250).isEqualTo(lines("events_expected.csv"));
  }

  private Event event(String line) {
    Verdict verdict = reader.read(RawEnvelope.ofColumns(columns(line)));
    assertThat(verdict).isInstanceOf(Verdict.Valid.class);
    return ((Verdict.Valid) verdict).event();
  }

  private static String describe(Event event, List<Event> events) {
    List<Event> session =
        events.stream().filter(e -> e.userSession().equals(event.userSession())).toList();
    CategoryLevels levels = CategoryLevels.of(event.categoryCode());
    return String.join(
        ",",
        EventIdentity.hex(event),
        Integer.toString(EventWeekday.of(event.eventTime())),
        PriceTier.of(event.price()).code(),
        Objects.toString(levels.level1(), ""),
        Objects.toString(levels.level2(), ""),
        Objects.toString(levels.level3(), ""),
        Long.toString(ActivityCount.of(session)[session.indexOf(event)]),
        PurchaseLabel.isPurchased(event, session) ? "1" : "0");
  }

  private static List<String> lines(String name) throws IOException {
    try (InputStream file = GoldenTest.class.getResourceAsStream("/golden/" + name)) {
      List<String> lines = new String(file.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
      return lines.subList(1, lines.size());
    }
  }

  /** The columns of a CSV line, whose quotes only stand around a whole column. */
  private static List<String> columns(String line) {
    List<String> columns = new ArrayList<>();
    for (String part : line.split(",", -1)) {
      columns.add(
          part.startsWith("\"")
              ? part.substring(1, part.length() - 1).replace("\"\"", "\"")
              : part);
    }
    return columns;
  }
}
