package io.millrace.core.features;

import io.millrace.core.events.Event;
import io.millrace.core.events.EventIdentity;
import io.millrace.core.events.EventTime;
import java.time.Instant;
import java.time.temporal.ChronoField;
import java.util.HexFormat;

/**
 * How new a row is: the first {@value #LENGTH} characters of its value, such as {@code
 * 2019-10-01T00:00:00.000000Z|9f86d081884c7d65|0000000003}. The greater text is the newer row.
 *
 * <p>A later event is newer than an earlier one; of two events at the same microsecond the one with
 * the greater identity is; and of two counts for one event the greater is, because a count only
 * grows as late events come in. That is a total order, so that writes may come in any order, any
 * number of times, from any number of writers, and the outcome is the same.
 *
 * @param eventTime time of the event, to the microsecond
 * @param tag the first 16 hexadecimal digits of the event's {@link EventIdentity}
 * @param activityCount see {@link ActivityCount}; 1 to 9,999,999,999
 */
public record OnlineVersion(Instant eventTime, String tag, long activityCount)
    implements Comparable<OnlineVersion> {
  /** Characters of the text form. */
  public static final int LENGTH = 55;

  /** Characters of the text form that name the event: all but the count. */
  static final int EVENT_LENGTH = 45;

  private static final int TIME_LENGTH = 27;
  private static final int TAG_LENGTH = 16;
  private static final long MAX_COUNT = 9_999_999_999L;

  /**
   * Checks what the text form relies on.
   *
   * @throws IllegalArgumentException naming the part that does not fit
   */
  public OnlineVersion {
    if (tag.length() != TAG_LENGTH) {
      throw new IllegalArgumentException(
          "Tag must have %d hexadecimal digits, but is %s".formatted(TAG_LENGTH, tag));
    }
    if (activityCount < 1 || activityCount > MAX_COUNT) {
      throw new IllegalArgumentException(
          "Activity count must be 1 to %d, but is %d".formatted(MAX_COUNT, activityCount));
    }
  }

  /** The version of an event's row. */
  public static OnlineVersion of(Event event, long activityCount) {
    return new OnlineVersion(event.eventTime(), tag(EventIdentity.of(event)), activityCount);
  }

  /** The tag of an identity. */
  public static String tag(byte[] identity) {
    return HexFormat.of().formatHex(identity, 0, TAG_LENGTH / 2);
  }

  /** The text form. */
  public String text() {
    StringBuilder text = new StringBuilder(LENGTH);
    // Like ISO_INSTANT, but always with six digits of fraction, so that texts compare.
    String seconds = Instant.ofEpochSecond(eventTime.getEpochSecond()).toString();
    text.append(seconds, 0, seconds.length() - 1).append('.');
    padded(text, eventTime.get(ChronoField.MICRO_OF_SECOND), 6);
    padded(text.append("Z|").append(tag).append('|'), activityCount, 10);
    return text.toString();
  }

  private static void padded(StringBuilder text, long number, int width) {
    String digits = Long.toString(number);
    text.append("0".repeat(width - digits.length())).append(digits);
  }

  /**
   * Reads the version at the beginning of a value.
   *
   * @throws IllegalArgumentException if there is none
   */
  static OnlineVersion parse(String value) {
    try {
      return new OnlineVersion(
          EventTime.parse(value.substring(0, TIME_LENGTH)).orElseThrow(),
          value.substring(TIME_LENGTH + 1, EVENT_LENGTH - 1),
          Long.parseLong(value.substring(EVENT_LENGTH, LENGTH)));
    } catch (RuntimeException e) {
      throw new IllegalArgumentException("Value has no version: " + value, e);
    }
  }

  /** Whether both are counts for the same event. */
  public boolean isOfSameEvent(OnlineVersion other) {
    return eventTime.equals(other.eventTime) && tag.equals(other.tag);
  }

  @Override
  public int compareTo(OnlineVersion other) {
    return text().compareTo(other.text());
  }
}
