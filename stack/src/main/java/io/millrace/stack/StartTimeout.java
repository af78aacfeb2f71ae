package io.millrace.stack;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The setting {@code stack.start-timeout}: {@code 90s} or {@code 10m}. */
final class StartTimeout {
  /** Its name. */
  static final String SETTING = "stack.start-timeout";

  private static final Pattern TIME = Pattern.compile("([0-9]{1,6})(s|m)");

  private StartTimeout() {}

  /** Reads it; nothing given is no time, so that each server has its own. */
  static Duration of(String given) {
    String text = given.strip();
    if (text.isEmpty()) {
      return Duration.ZERO;
    }
    Matcher time = TIME.matcher(text);
    if (!time.matches()) {
      throw new StackException(
          "%s is \"%s\": a time is a number of seconds or minutes, such as 90s or 10m (MILLRACE_START_TIMEOUT)."
              .formatted(SETTING, text));
    }
    long amount = Long.parseLong(time.group(1));
    return time.group(2).equals("s") ? Duration.ofSeconds(amount) : Duration.ofMinutes(amount);
  }
}
