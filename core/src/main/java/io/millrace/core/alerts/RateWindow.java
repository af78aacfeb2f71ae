package io.millrace.core.alerts;

/**
 * The number of messages of one kind: in the window that is open, and in those before as their
 * exponentially weighted mean. Goes by the messages' own time, so that reading them again gives the
 * same alerts. A kind that was never seen before begins with a baseline of zero.
 *
 * @param index of the open window: its start divided by its length; {@link Long#MIN_VALUE} before
 *     the first message
 * @param count messages in it so far
 * @param baseline messages that a window had before, in the mean
 * @param raisedAtMillis when the last alert was raised; {@link Long#MIN_VALUE} if there was none
 */
public record RateWindow(long index, long count, double baseline, long raisedAtMillis) {
  /** What nothing is known of. */
  public static final RateWindow EMPTY = new RateWindow(Long.MIN_VALUE, 0, 0, Long.MIN_VALUE);

  /** Weight of the newest window; half of a change is learnt in two of them. */
  static final double WEIGHT = 0.3;

  /** Counts a message. One of an earlier window than the open one is counted in the open one. */
  public RateWindow add(long timeMillis, AlertRules rules) {
    long window = Math.floorDiv(timeMillis, rules.window().toMillis());
    if (index == Long.MIN_VALUE) {
      return new RateWindow(window, 1, baseline, raisedAtMillis);
    }
    if (window <= index) {
      return new RateWindow(index, count + 1, baseline, raisedAtMillis);
    }
    double closed = baseline + WEIGHT * (count - baseline);
    double faded = closed * Math.pow(1 - WEIGHT, (double) (window - index - 1));
    return new RateWindow(window, 1, faded, raisedAtMillis);
  }

  /** Whether the open window already has too many, and the last alert is long enough ago. */
  public boolean isAlert(long timeMillis, AlertRules rules) {
    boolean tooMany = count >= rules.least() && count > rules.factor() * baseline;
    return tooMany && isOver(raisedAtMillis, timeMillis, rules);
  }

  /** After an alert. */
  public RateWindow raised(long timeMillis) {
    return new RateWindow(index, count, baseline, timeMillis);
  }

  /** Whether an alert raised then no longer holds back one now. */
  static boolean isOver(long raisedAtMillis, long nowMillis, AlertRules rules) {
    return raisedAtMillis == Long.MIN_VALUE
        || nowMillis - raisedAtMillis >= rules.cooldown().toMillis();
  }
}
