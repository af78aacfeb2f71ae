package io.millrace.activities.warehouse;

import io.millrace.core.events.Event;
import io.millrace.core.events.EventType;
import io.millrace.core.events.SyntheticEvents;
import java.time.Instant;
import java.util.List;

/** Events for tests. */
final class TestEvents {
  private TestEvents() {}

  /** Made-up events from Friday 2019-10-04 on, a day for each 480. */
  static List<Event> some(int count) {
    return SyntheticEvents.stream(7, count, Instant.parse("2019-10-04T00:00:00Z"), 20).toList();
  }

  static Event event(String time, EventType type, long product, String session) {
    return event(time, type, product, session, 10, "acme", "appliances.kitchen.hood");
  }

  static Event event(
      String time,
      EventType type,
      long product,
      String session,
      double price,
      String brand,
      String category) {
    return new Event(
        Instant.parse(time),
        type,
        product,
        2_053_013_555_631_882_655L,
        category,
        brand,
        price,
        7,
        session);
  }
}
