package io.millrace.core.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SyntheticEventsTest {
  private static final Instant START = Instant.parse("2019-10-01T00:00:00Z");
  private static final int COUNT = 50_000;
  private static List<Event> events;

  @BeforeAll
  static void generate() {
    events = SyntheticEvents.stream(1, COUNT, START).toList();
  }

  @Test
  void givesTheSameEventsForTheSameSeed() {
    assertThat(SyntheticEvents.stream(1, 2_000, START)).isEqualTo(events.subList(0, 2_000));
    assertThat(SyntheticEvents.stream(2, 2_000, START)).isNotEqualTo(events.subList(0, 2_000));
    assertThat(SyntheticEvents.stream(1, 1, START).map(EventIdentity::hex))
        .as("a change here changes every stored figure")
        .containsExactly("54b42ea846124cc52903a0bdeea15529a99f874b1ccbd9f063e79355492926b6");
  }

  @Test
  void comesInTheOrderOfTimeWithoutDuplicates() {
    assertThat(events).isSortedAccordingTo((a, b) -> a.eventTime().compareTo(b.eventTime()));
    assertThat(events.stream().map(EventIdentity::hex)).doesNotHaveDuplicates();
    assertThat(events.get(0).eventTime()).isEqualTo(START);
  }

  @Test
  void coversHoursOfEventTime() {
    Duration covered = Duration.between(START, events.get(COUNT - 1).eventTime());

    assertThat(covered).isBetween(Duration.ofHours(5), Duration.ofHours(10));
    Instant slow = SyntheticEvents.stream(1, 600, START, 60).reduce((a, b) -> b).get().eventTime();
    assertThat(Duration.between(START, slow)).isGreaterThan(Duration.ofHours(5));
  }

  @Test
  void lacksCategoriesAndBrandsAsOftenAsTheRealData() {
    assertThat(share(event -> event.categoryCode() == null)).isCloseTo(0.318, within(0.015));
    assertThat(share(event -> event.brand() == null)).isCloseTo(0.148, within(0.015));
  }

  @Test
  void describesAProductTheSameWayEachTime() {
    Map<Long, String> products = new HashMap<>();

    for (Event event : events) {
      String product =
          event.categoryId() + " " + event.categoryCode() + " " + event.brand() + event.price();
      assertThat(products.merge(event.productId(), product, (old, now) -> old)).isEqualTo(product);
    }
    assertThat(products).hasSizeBetween(300, 900);
  }

  @Test
  void buysAndRemovesOnlyWhatWasPutIntoTheCartStrictlyBefore() {
    Map<String, Instant> carts = new HashMap<>();
    Set<EventType> seen = new HashSet<>();

    for (Event event : events) {
      String key = event.userSession() + event.productId();
      seen.add(event.eventType());
      switch (event.eventType()) {
        case VIEW -> {}
        case CART -> assertThat(carts.put(key, event.eventTime())).isNull();
        case PURCHASE, REMOVE_FROM_CART ->
            assertThat(carts.get(key)).isNotNull().isBefore(event.eventTime());
      }
    }
    assertThat(seen).containsExactlyInAnyOrder(EventType.values());
  }

  @Test
  void isValidOnceWritten() {
    EventReader reader = new EventReader();

    for (Event event : events.subList(0, 5_000)) {
      assertThat(reader.read(RawEnvelope.of(event))).isEqualTo(new Verdict.Valid(event));
    }
  }

  @Test
  void refusesARateOfNothing() {
    assertThatThrownBy(() -> new SyntheticEvents(1, START, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static double share(Predicate<Event> property) {
    return (double) events.stream().filter(property).count() / COUNT;
  }
}
