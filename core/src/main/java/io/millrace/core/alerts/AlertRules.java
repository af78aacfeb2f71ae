package io.millrace.core.alerts;

import java.io.Serializable;
import java.time.Duration;

/**
 * When alerts are raised.
 *
 * @param window length of the windows in which messages are counted
 * @param least messages in a window below which their number is never an alert
 * @param factor how many times the baseline is too many
 * @param cooldown how long after an alert the same one is held back
 */
public record AlertRules(Duration window, long least, double factor, Duration cooldown)
    implements Serializable {

  /** Windows of a minute, three times the baseline but at least 50, again after five minutes. */
  public static final AlertRules STANDARD =
      new AlertRules(Duration.ofMinutes(1), 50, 3, Duration.ofMinutes(5));

  /** Checks that the numbers make sense. */
  public AlertRules {
    if (window.toMillis() < 1 || least < 1 || !(factor >= 1) || cooldown.isNegative()) {
      throw new IllegalArgumentException(
          ("Alerts need a window above 0, a least number and a factor of at least 1, and a"
                  + " cooldown of at least 0, but have %s, %d, %s and %s")
              .formatted(window, least, factor, cooldown));
    }
  }
}
