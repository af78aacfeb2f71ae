package io.millrace.core.features;

import io.millrace.core.events.Event;
import io.millrace.core.events.EventType;
import java.util.Collection;

/** What the purchase model predicts: whether a product in the cart is bought later in the visit. */
public final class PurchaseLabel {
  private PurchaseLabel() {}

  /**
   * Whether the session holds a purchase of the cart event's product at a strictly later time.
   *
   * @param cart the cart event; events of other sessions are not looked at
   */
  public static boolean isPurchased(Event cart, Collection<Event> session) {
    return session.stream()
        .anyMatch(
            event ->
                event.eventType() == EventType.PURCHASE
                    && event.productId() == cart.productId()
                    && event.userSession().equals(cart.userSession())
                    && event.eventTime().isAfter(cart.eventTime()));
  }
}
