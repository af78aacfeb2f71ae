package io.millrace.core.alerts;

/**
 * Holds back what was raised a moment ago.
 *
 * @param raisedAtMillis when it was raised last; {@link Long#MIN_VALUE} if never
 * @param heldBack how many since
 */
public record Cooldown(long raisedAtMillis, long heldBack) {
  /** Holds nothing back. */
  public static final Cooldown NONE = new Cooldown(Long.MIN_VALUE, 0);

  /** Whether to raise it now. */
  public boolean isOver(long nowMillis, AlertRules rules) {
    return RateWindow.isOver(raisedAtMillis, nowMillis, rules);
  }

  /** After it was raised. */
  public Cooldown raised(long nowMillis) {
    return new Cooldown(nowMillis, 0);
  }

  /** After one more was held back. */
  public Cooldown held() {
    return new Cooldown(raisedAtMillis, heldBack + 1);
  }
}
