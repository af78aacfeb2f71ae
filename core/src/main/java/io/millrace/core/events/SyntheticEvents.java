package io.millrace.core.events;

import java.time.Instant;
import java.util.Comparator;
import java.util.Iterator;
import java.util.PriorityQueue;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * An endless stream of made-up events that looks like the REES46 data and holds a signal worth
 * learning.
 *
 * <p>Visits overlap; their events come out in the order of event time, whole seconds, and no two
 * have the same {@link EventIdentity}. A purchase or a removal is always strictly later than its
 * cart event, and a session puts a product into its cart at most once. About 31.8 % of the events
 * have no category code and 14.8 % no brand, the same ones for a product each time. Of 100 events
 * about 75 are views, 15 carts, 6 purchases and 4 removals: more carts than in reality, so that a
 * small stream has enough to learn from.
 *
 * <p>The same seed and start give the same events, on any machine.
 */
public final class SyntheticEvents implements Iterator<Event> {
  /** Events in an hour of event time, on average. */
  public static final int EVENTS_PER_HOUR = 7_000;

  private static final double EVENTS_PER_SESSION = 7;
  private static final SyntheticCatalogue CATALOGUE = new SyntheticCatalogue();

  private final SplittableRandom random;
  private final double secondsBetweenArrivals;
  private final PriorityQueue<Visit> visits =
      new PriorityQueue<>(
          Comparator.comparingLong((Visit visit) -> visit.session.second())
              .thenComparingLong(Visit::number));
  private double nextArrival;
  private long arrivals;

  private record Visit(SyntheticSession session, long number) {}

  /**
   * Starts a stream.
   *
   * @param start time of the first visit, cut to seconds
   * @param eventsPerHour how many events, on average, happen in an hour of event time
   * @throws IllegalArgumentException if there are no events in an hour
   */
  public SyntheticEvents(long seed, Instant start, int eventsPerHour) {
    if (eventsPerHour < 1) {
      throw new IllegalArgumentException(
          "There must be at least one event per hour, but " + eventsPerHour + " are asked for");
    }
    random = new SplittableRandom(seed);
    secondsBetweenArrivals = 3600 * EVENTS_PER_SESSION / eventsPerHour;
    nextArrival = start.getEpochSecond();
  }

  /** A stream of so many events at the usual rate; sequential. */
  public static Stream<Event> stream(long seed, long count, Instant start) {
    return stream(seed, count, start, EVENTS_PER_HOUR);
  }

  /** A stream of so many events at a rate of one's own; sequential. */
  public static Stream<Event> stream(long seed, long count, Instant start, int eventsPerHour) {
    Iterator<Event> events = new SyntheticEvents(seed, start, eventsPerHour);
    return StreamSupport.stream(
            Spliterators.spliteratorUnknownSize(
                events, Spliterator.ORDERED | Spliterator.NONNULL | Spliterator.DISTINCT),
            false)
        .limit(count);
  }

  /** Always true. */
  @Override
  public boolean hasNext() {
    return true;
  }

  @Override
  public Event next() {
    Visit visit = visits.peek();
    while (visit == null || visit.session.second() >= (long) nextArrival) {
      visits.add(
          new Visit(new SyntheticSession(CATALOGUE, random, (long) nextArrival), arrivals++));
      nextArrival += -secondsBetweenArrivals * StrictMath.log(1 - random.nextDouble());
      visit = visits.peek();
    }
    visits.poll();
    Event event = visit.session.next();
    if (!visit.session.isOver()) {
      visits.add(visit);
    }
    return event;
  }
}
