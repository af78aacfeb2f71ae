package io.millrace.core.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.events.Event;
import io.millrace.core.events.EventType;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FeaturesTest {
  private static final Instant START = Instant.parse("2019-10-01T00:00:00Z");

  private static Event event(int second, EventType type, long product) {
    return new Event(
        START.plusSeconds(second), type, product, 5, "apparel.shoes", "nike", 60, 7, "visit");
  }

  @ParameterizedTest
  @CsvSource({
    "appliances.kitchen.hood, appliances, kitchen, hood",
    "a.b.c.d, a, b, c",
    "computers.notebook, computers, notebook,",
    "auto, auto,,",
    "a..c, a,, c",
    ".b, , b,",
    "'', , ,",
    ", , ,"
  })
  void splitsCategoryCodes(String code, String level1, String level2, String level3) {
    assertThat(CategoryLevels.of(code)).isEqualTo(new CategoryLevels(level1, level2, level3));
  }

  @ParameterizedTest
  @CsvSource({
    "0, low",
    "49.99, low",
    "50, medium",
    "249.99, medium",
    "250, high",
    "999.99, high",
    "1000, luxury",
    "Infinity, luxury"
  })
  void tiersPrices(double price, String tier) {
    assertThat(PriceTier.of(price).code()).isEqualTo(tier);
  }

  @Test
  void refusesToTierWhatIsNoNumber() {
    assertThatThrownBy(() -> PriceTier.of(Double.NaN)).hasMessageContaining("NaN");
  }

  @ParameterizedTest
  @CsvSource({
    "2019-10-01T00:00:00Z, 1",
    "2019-09-30T23:59:59.999999Z, 0",
    "2019-10-06T12:00:00Z, 6",
    "1969-12-31T23:59:59Z, 2"
  })
  void numbersWeekdaysFromMonday(Instant time, int weekday) {
    assertThat(EventWeekday.of(time)).isEqualTo(weekday);
  }

  @Test
  void countsTheSessionsEventsUpToAndIncludingTheTime() {
    List<Event> session =
        List.of(
            event(5, EventType.CART, 1),
            event(0, EventType.VIEW, 1),
            event(5, EventType.VIEW, 2),
            event(5, EventType.CART, 1),
            event(9, EventType.PURCHASE, 1));

    assertThat(ActivityCount.of(session)).containsExactly(3, 1, 3, 3, 4);
    assertThat(ActivityCount.at(START.minusSeconds(1), session)).isZero();
  }

  @Test
  void refusesToCountAcrossSessions() {
    Event other = new Event(START, EventType.VIEW, 1, 1, null, null, 1, 1, "another");

    assertThatThrownBy(() -> ActivityCount.of(List.of(event(0, EventType.VIEW, 1), other)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("another");
  }

  @ParameterizedTest
  @CsvSource({
    "4, PURCHASE, 1, false",
    "5, PURCHASE, 1, true", // whole seconds: a purchase cannot come before its cart
    "6, PURCHASE, 1, true",
    "1805, PURCHASE, 1, true", // the end of the horizon belongs to it
    "1806, PURCHASE, 1, false",
    "6, PURCHASE, 2, false",
    "6, VIEW, 1, false"
  })
  void labelsByAPurchaseWithinTheHorizon(
      int second, EventType type, long product, boolean purchased) {
    Event cart = event(5, EventType.CART, 1);

    assertThat(PurchaseLabel.isPurchased(cart, List.of(cart, event(second, type, product))))
        .isEqualTo(purchased);
  }

  @Test
  void labelsNothingBeforeTheHorizonHasPassed() {
    Event cart = event(5, EventType.CART, 1);
    Duration horizon = Duration.ofSeconds(10);

    assertThat(PurchaseLabel.isDecided(cart, START.plusSeconds(14), horizon)).isFalse();
    assertThat(PurchaseLabel.isDecided(cart, START.plusSeconds(15), horizon)).isTrue();
  }

  @Test
  void keepsThePurchasesThatDecideALabelOutOfItsFeatures() {
    Event cart = event(5, EventType.CART, 1);
    List<Event> session =
        List.of(
            event(0, EventType.VIEW, 1),
            cart,
            cart,
            event(5, EventType.PURCHASE, 1),
            event(5, EventType.PURCHASE, 2),
            event(7, EventType.PURCHASE, 1));

    assertThat(PurchaseLabel.isPurchased(cart, session)).isTrue();
    assertThat(PurchaseLabel.activityCount(cart, session)).isEqualTo(3);
  }

  @Test
  void derivesTheModelsFeatures() {
    assertThat(PurchaseFeatures.of(event(0, EventType.CART, 1), 3))
        .isEqualTo(new PurchaseFeatures("nike", 60, 1, "apparel", "shoes", 3));
  }
}
