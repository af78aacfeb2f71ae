package io.millrace.serving.http;

/**
 * How many requests one client may send.
 *
 * @param perSecond in the long run; 0 is no limit
 * @param burst at once, after a pause
 */
public record RateLimit(double perSecond, int burst) {
  /** No limit. */
  public static final RateLimit NONE = new RateLimit(0, 1);

  public RateLimit {
    if (!(perSecond >= 0 && perSecond <= 1e6) || burst < 1) {
      throw new IllegalArgumentException(
          "A rate limit is 0 to 1e6 requests a second with a burst of at least 1, not %s, %d"
              .formatted(perSecond, burst));
    }
  }

  boolean limits() {
    return perSecond > 0;
  }
}
