package io.millrace.workers.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** States, times and durations as every table shows them. */
final class Words {

  private Words() {}

  /** {@code AWAITING_INPUT} as {@code awaiting input}. */
  static String of(Enum<?> state) {
    return state.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /** A time to the second, in UTC; nothing for none. */
  static String of(@Nullable Instant time) {
    return time == null ? "" : time.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /** The time from a start to an end, or to now if there is none yet. */
  static String between(Instant start, @Nullable Instant end) {
    return of(Duration.between(start, end == null ? Instant.now() : end));
  }

  /** {@code 4.2 s}, {@code 3 m 20 s}, {@code 2 h 05 m} or {@code 3 d 04 h}. */
  static String of(Duration duration) {
    long seconds = Math.max(0, duration.toSeconds());
    if (seconds < 60) {
      return String.format(Locale.ROOT, "%.1f s", Math.max(0, duration.toMillis()) / 1e3);
    } else if (seconds < 3_600) {
      return "%d m %02d s".formatted(seconds / 60, seconds % 60);
    } else if (seconds < 86_400) {
      return "%d h %02d m".formatted(seconds / 3_600, seconds / 60 % 60);
    }
    return "%d d %02d h".formatted(seconds / 86_400, seconds / 3_600 % 24);
  }
}
