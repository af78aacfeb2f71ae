package io.millrace.core.features;

import io.millrace.core.events.Event;
import io.millrace.core.events.EventType;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/**
 * What the purchase model predicts: whether a product in the cart is bought within a horizon.
 *
 * <p>The rule: a cart event has a label once the horizon has passed since it and not before; the
 * label is 1 if its session holds a purchase of its product from the cart's own instant on up to
 * and including the horizon's end, and 0 if not. So a label never changes once there is one, and no
 * cart is called "not bought" while it still can be.
 *
 * <p>A purchase in the cart's own instant counts, because sources give whole seconds and a purchase
 * cannot come before its cart. {@code dwh.vw_ml_purchase_prediction} is the same in SQL.
 */
public final class PurchaseLabel {
  /**
   * What is used unless a run asks for another: the pause after which web analytics calls a visit
   * over. Of the made-up shop's purchases 99 % come within it.
   */
  public static final Duration HORIZON = Duration.ofMinutes(30);

  private PurchaseLabel() {}

  /** {@link #isPurchased(Event, Collection, Duration)} within {@link #HORIZON}. */
  public static boolean isPurchased(Event cart, Collection<Event> session) {
    return isPurchased(cart, session, HORIZON);
  }

  /**
   * Whether the session holds a purchase of the cart event's product within the horizon.
   *
   * @param cart the cart event; events of other sessions are not looked at
   */
  public static boolean isPurchased(Event cart, Collection<Event> session, Duration horizon) {
    Instant end = cart.eventTime().plus(horizon);
    return session.stream()
        .anyMatch(event -> isPurchaseOf(cart, event) && !event.eventTime().isAfter(end));
  }

  /**
   * Whether a cart event has a label yet.
   *
   * @param newest the newest event that is known; events whose time has not come yet do not count,
   *     as they say nothing about the time before them
   */
  public static boolean isDecided(Event cart, Instant newest, Duration horizon) {
    return !cart.eventTime().plus(horizon).isAfter(newest);
  }

  /**
   * The {@linkplain ActivityCount activity count} of a training row: as of the cart event, without
   * the purchases of the same instant that decide the label. They came after the cart, so that
   * nobody knew of them when the prediction was wanted.
   */
  public static long activityCount(Event cart, Collection<Event> session) {
    List<Event> known = session.stream().filter(event -> !isPurchaseOf(cart, event)).toList();
    return ActivityCount.at(cart.eventTime(), known);
  }

  private static boolean isPurchaseOf(Event cart, Event event) {
    return event.eventType() == EventType.PURCHASE
        && event.productId() == cart.productId()
        && event.userSession().equals(cart.userSession())
        && !event.eventTime().isBefore(cart.eventTime());
  }
}
