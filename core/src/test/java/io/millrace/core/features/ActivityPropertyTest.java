package io.millrace.core.features;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.events.Event;
import io.millrace.core.events.EventIdentity;
import io.millrace.core.events.EventType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class ActivityPropertyTest {
  private static final Instant START = Instant.parse("2019-10-01T00:00:00Z");

  /** Few times and products, so that ties and duplicates are common. */
  @Provide
  Arbitrary<List<Event>> sessions() {
    return Combinators.combine(
            Arbitraries.integers().between(0, 6),
            Arbitraries.of(EventType.class),
            Arbitraries.longs().between(1, 3),
            Arbitraries.of(1.0, 2.0))
        .as(
            (second, type, product, price) ->
                new Event(
                    START.plusSeconds(second), type, product, 9, null, null, price, 5, "visit"))
        .list()
        .ofMaxSize(12);
  }

  private static Map<String, Long> counts(List<Event> session) {
    long[] counts = ActivityCount.of(session);
    Map<String, Long> byIdentity = new HashMap<>();
    for (int i = 0; i < counts.length; i++) {
      Long before = byIdentity.put(EventIdentity.hex(session.get(i)), counts[i]);
      assertThat(before).as("a duplicate counts like its original").isIn(null, counts[i]);
    }
    return byIdentity;
  }

  @Property
  void isTheNumberOfDistinctEventsUpToTheTime(@ForAll("sessions") List<Event> session) {
    long[] counts = ActivityCount.of(session);

    for (int i = 0; i < counts.length; i++) {
      Instant time = session.get(i).eventTime();
      long expected =
          session.stream()
              .filter(event -> !event.eventTime().isAfter(time))
              .map(EventIdentity::hex)
              .distinct()
              .count();
      assertThat(counts[i]).isEqualTo(expected).isEqualTo(ActivityCount.at(time, session));
    }
  }

  @Property
  void dependsNeitherOnOrderNorOnDuplicates(
      @ForAll("sessions") List<Event> session, @ForAll Random random) {
    List<Event> shuffled = new ArrayList<>(session);
    session.stream().filter(event -> random.nextBoolean()).forEach(shuffled::add);
    Collections.shuffle(shuffled, random);

    assertThat(counts(shuffled)).isEqualTo(counts(session));
  }

  @Property
  void doesNotSeeWhatComesLater(@ForAll("sessions") List<Event> session) {
    for (Event event : session) {
      List<Event> known =
          session.stream().filter(e -> !e.eventTime().isAfter(event.eventTime())).toList();

      assertThat(counts(known).get(EventIdentity.hex(event)))
          .isEqualTo(counts(session).get(EventIdentity.hex(event)));
    }
  }
}
