package io.millrace.core.events;

import java.time.Instant;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * One thing a shopper did, as the REES46 data set describes it.
 *
 * <p>The record carries values; it does not judge them. {@link EventReader} says whether a message
 * is a valid event, and every event in its {@link Verdict.Valid} keeps the contract of {@link
 * EventField}. A replayed row may well hold a price of zero.
 *
 * @param eventTime when it happened, UTC, in the years 1 to 9999, cut to microseconds: the finest
 *     that PostgreSQL and Debezium keep, so that the identity survives both
 * @param eventType what was done
 * @param productId the product it was done to
 * @param categoryId the product's category; often above 2^53, so unsafe as a JavaScript number
 * @param categoryCode dotted category path such as {@code appliances.kitchen.hood}, or null
 * @param brand brand in lower case, or null
 * @param price price in US dollars; finite and above zero in a valid event
 * @param userId the shopper
 * @param userSession the visit, a UUID in the original data
 */
public record Event(
    Instant eventTime,
    EventType eventType,
    long productId,
    long categoryId,
    @Nullable String categoryCode,
    @Nullable String brand,
    double price,
    long userId,
    String userSession) {

  /**
   * Cuts the time to microseconds.
   *
   * @throws IllegalArgumentException if the time is outside the years 1 to 9999
   */
  public Event {
    if (eventTime.get(ChronoField.NANO_OF_SECOND) % 1_000
        != 0) { // cutting costs, and most times need none
      eventTime = eventTime.truncatedTo(ChronoUnit.MICROS);
    }
    if (!EventTime.isInRange(eventTime)) {
      throw new IllegalArgumentException(
          "Event time must be in the years 1 to 9999, but is " + eventTime);
    }
  }
}
