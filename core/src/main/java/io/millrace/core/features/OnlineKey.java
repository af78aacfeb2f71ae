package io.millrace.core.features;

import java.time.Duration;

/**
 * Where Redis holds what is known of a user and a product: {@code
 * millrace:features:v1:<user_id>:<product_id>}, a string that {@link OnlineRow} reads and writes.
 *
 * <p>The version in the key changes with the layout of the value, so that two builds can run side
 * by side.
 */
public record OnlineKey(long userId, long productId) {
  /** What every key begins with. */
  public static final String PREFIX = "millrace:features:v1:";

  /** How long a row stays after it was written or confirmed last. */
  public static final Duration DEFAULT_TTL = Duration.ofDays(1);

  /** The key's text. */
  public String text() {
    return PREFIX + userId + ':' + productId;
  }

  /**
   * Reads a key's text.
   *
   * @throws IllegalArgumentException if it is no key of ours
   */
  public static OnlineKey parse(String text) {
    int colon = text.lastIndexOf(':');
    if (text.startsWith(PREFIX) && colon >= PREFIX.length()) {
      try {
        return new OnlineKey(
            Long.parseLong(text.substring(PREFIX.length(), colon)),
            Long.parseLong(text.substring(colon + 1)));
      } catch (NumberFormatException e) {
        // The message below covers it.
      }
    }
    throw new IllegalArgumentException(
        "Key must be %s<user_id>:<product_id>, but is %s".formatted(PREFIX, text));
  }
}
