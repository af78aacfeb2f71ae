package io.millrace.core.events;

import java.util.Optional;

/** What a shopper did. The codes are those of the REES46 data set, in lower case. */
public enum EventType {
  VIEW("view"),
  CART("cart"),
  PURCHASE("purchase"),
  REMOVE_FROM_CART("remove_from_cart");

  private static final EventType[] TYPES = values();

  private final String code;

  EventType(String code) {
    this.code = code;
  }

  /** The word that stands in messages and tables, for example {@code remove_from_cart}. */
  public String code() {
    return code;
  }

  /** Finds the type of a code, which must match exactly: no other case, no blanks around it. */
  public static Optional<EventType> of(String code) {
    for (EventType type : TYPES) {
      if (type.code.equals(code)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}
