package io.millrace.core.events;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One visit to the synthetic shop: it views, fills its cart, and buys or thinks better of it. */
final class SyntheticSession {
  private static final long SECONDS_PER_DAY = 86_400;

  private final SyntheticCatalogue catalogue;
  private final SplittableRandom random;
  private final long userId;
  private final String name;
  private final Set<Long> carted = new HashSet<>(4);

  private long second;
  private int department;
  private int viewsLeft;
  private int events;
  private boolean viewedAtOnce;
  private @Nullable Product viewed;
  private @Nullable Product undecided;
  private EventType decision = EventType.PURCHASE;
  private int eventsUntilDecision;

  SyntheticSession(SyntheticCatalogue catalogue, SplittableRandom random, long second) {
    this.catalogue = catalogue;
    this.random = random;
    this.second = second;
    double shopper = random.nextDouble();
    userId = 500_000_000L + (long) (200_000 * shopper * shopper);
    name =
        new UUID(
                (random.nextLong() & 0xFFFF_FFFF_FFFF_0FFFL) | 0x4000L,
                (random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L)
            .toString();
    department = catalogue.pickDepartment(random);
    viewsLeft = views();
  }

  /** When the next event happens, in seconds since 1970. */
  long second() {
    return second;
  }

  boolean isOver() {
    return viewsLeft == 0 && undecided == null;
  }

  /** Lets the next event happen, and moves on to the time of the one after it. */
  Event next() {
    Event event = happen();
    events++;
    boolean onlyLooking = event.eventType() == EventType.VIEW && undecided == null && viewsLeft > 0;
    // A few views share their second with the one before, as tabs that are opened together do.
    viewedAtOnce = onlyLooking && !viewedAtOnce && random.nextInt(40) == 0;
    if (!viewedAtOnce) {
      second += pause();
    }
    return event;
  }

  private Event happen() {
    Product decided = undecided;
    if (decided != null && (eventsUntilDecision-- <= 0 || viewsLeft == 0)) {
      undecided = null;
      if (decision == EventType.PURCHASE && random.nextBoolean()) {
        viewsLeft = 0;
      }
      return event(decision, decided);
    }
    Product candidate = viewed;
    if (candidate != null
        && undecided == null
        && !viewedAtOnce
        && random.nextInt(100) < 24
        && carted.add(candidate.id())) {
      putIntoCart(candidate);
      return event(EventType.CART, candidate);
    }
    return view();
  }

  private Event view() {
    if (random.nextInt(100) < 12) {
      department = catalogue.pickDepartment(random);
    }
    Product next = catalogue.pickProduct(department, random);
    while (viewedAtOnce && next.equals(viewed)) {
      next = catalogue.pickProduct(department, random);
    }
    viewed = next;
    viewsLeft = Math.max(0, viewsLeft - 1);
    return event(EventType.VIEW, next);
  }

  private void putIntoCart(Product product) {
    boolean buys = random.nextDouble() < 1 / (1 + StrictMath.exp(-purchaseLogOdds(product)));
    if (buys || random.nextInt(100) < 35) {
      undecided = product;
      decision = buys ? EventType.PURCHASE : EventType.REMOVE_FROM_CART;
      eventsUntilDecision = random.nextInt(4);
    }
  }

  /**
   * How likely the product is bought, in log-odds. Apart from the sums of its parts there are three
   * interactions that no linear model sees: good brands are bought for their price and others in
   * spite of it, dear things are bought after much looking and cheap ones after little, and what
   * belongs to the home is bought at weekends.
   */
  private double purchaseLogOdds(Product product) {
    double price = product.priceLevel();
    double odds = -0.45 - 0.35 * price + product.department().appeal();
    odds += product.brandAppeal() * (1 + 0.9 * price);
    boolean muchLooking = events >= 6;
    if (price > 0.6) {
      odds += muchLooking ? 1.7 : -1.1;
    } else {
      odds += muchLooking ? -0.9 : 0.9;
    }
    if (product.department().homely()) {
      odds += isWeekend() ? 0.8 : -0.3;
    }
    return odds;
  }

  private boolean isWeekend() {
    DayOfWeek day = LocalDate.ofEpochDay(Math.floorDiv(second, SECONDS_PER_DAY)).getDayOfWeek();
    return day == DayOfWeek.SATURDAY || day == DayOfWeek.SUNDAY;
  }

  /** A third only drops in, half look around, the others search long. */
  private int views() {
    int kind = random.nextInt(100);
    if (kind < 35) {
      return 1 + random.nextInt(2);
    }
    double mean = kind < 82 ? 5 : 13;
    return 2 + (int) (-mean * StrictMath.log(1 - random.nextDouble()));
  }

  /** Seconds to the next event: mostly under two minutes, at times a coffee break. */
  private long pause() {
    double mean = random.nextInt(100) < 2 ? 1200 : 45;
    return 1 + (long) (-mean * StrictMath.log(1 - random.nextDouble()));
  }

  private Event event(EventType type, Product product) {
    return new Event(
        Instant.ofEpochSecond(second),
        type,
        product.id(),
        product.department().categoryId(),
        product.department().code(),
        product.brand(),
        product.price(),
        userId,
        name);
  }
}
