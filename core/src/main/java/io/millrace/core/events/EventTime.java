package io.millrace.core.events;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.ChronoField;
import java.util.Optional;

/**
 * The text forms of an event's time, read and written without {@code DateTimeFormatter}, whose cost
 * would show at a million events.
 *
 * <p>Read are {@code yyyy-MM-dd HH:mm:ss UTC}, ISO 8601 with {@code T} or a blank between date and
 * time, and Debezium's ZonedTimestamp, each with an optional fraction of one to six digits. The
 * zone is {@code UTC} (after a blank), {@code Z}, {@code +hh:mm} or {@code +hhmm}, and it must be
 * there: a time without a zone is no instant. Epoch numbers, such as Debezium's MicroTimestamp, are
 * not read: only the message's own schema would say whether they count seconds, milliseconds or
 * microseconds, and messages are not judged by the schema they bring.
 */
public final class EventTime {
  private static final long FIRST_SECOND = -62_135_596_800L; // 0001-01-01T00:00:00Z
  private static final long LAST_SECOND = 253_402_300_799L; // 9999-12-31T23:59:59Z
  private static final long SECONDS_PER_DAY = 86_400;
  private static final int MICROS_PER_SECOND = 1_000_000;
  private static final int NANOS_PER_MICRO = 1_000;
  private static final int MICRO_DIGITS = 6;
  private static final int NO_ZONE = Integer.MIN_VALUE;
  private static final int MAX_OFFSET_MINUTES = 18 * 60;

  /** What {@link #parseMicros} answers to text that is no time. Far below every valid time. */
  static final long UNREADABLE = Long.MIN_VALUE;

  private EventTime() {}

  /**
   * Reads a time in one of the forms above.
   *
   * @return the instant, or empty if the text has another form, names a day or time that does not
   *     exist, or lies outside the years 1 to 9999 UTC
   */
  public static Optional<Instant> parse(String text) {
    long micros = parseMicros(text.toCharArray(), 0, text.length());
    return micros == UNREADABLE ? Optional.empty() : Optional.of(ofEpochMicros(micros));
  }

  /**
   * Writes a time as {@code yyyy-MM-dd HH:mm:ss UTC}, with six digits of fraction if there is one.
   *
   * @throws IllegalArgumentException if the time is outside the years 1 to 9999
   */
  public static String format(Instant time) {
    JsonBytes out = new JsonBytes(32);
    writeRaw(out, time);
    return new String(out.toBytes(), StandardCharsets.US_ASCII);
  }

  /**
   * Writes a time as {@link Instant#toString} does.
   *
   * @throws IllegalArgumentException if the time is outside the years 1 to 9999 or has nanoseconds
   */
  public static String formatIso(Instant time) {
    if (time.get(ChronoField.NANO_OF_SECOND) % NANOS_PER_MICRO != 0) {
      throw new IllegalArgumentException("Time must be of whole microseconds, but is " + time);
    }
    JsonBytes out = new JsonBytes(32);
    writeIsoInstant(out, time);
    return new String(out.toBytes(), StandardCharsets.US_ASCII);
  }

  static boolean isInRange(Instant time) {
    long second = time.getEpochSecond();
    return second >= FIRST_SECOND && second <= LAST_SECOND;
  }

  /**
   * Microseconds since 1970, negative before.
   *
   * <p>Exact for every time of an {@link Event}. {@code ChronoUnit.MICROS.between} is not: it
   * counts nanoseconds in between, which fit into a long only for the years 1677 to 2262.
   *
   * @throws ArithmeticException if the time is some 290,000 years away
   */
  public static long toEpochMicros(Instant time) {
    return Math.addExact(
        Math.multiplyExact(time.getEpochSecond(), (long) MICROS_PER_SECOND),
        time.getNano() / NANOS_PER_MICRO);
  }

  /** The instant of {@link #toEpochMicros}. */
  public static Instant ofEpochMicros(long micros) {
    return Instant.ofEpochSecond(
        Math.floorDiv(micros, MICROS_PER_SECOND),
        Math.floorMod(micros, MICROS_PER_SECOND) * (long) NANOS_PER_MICRO);
  }

  /** Reads a time from part of an array: microseconds since 1970, or {@link #UNREADABLE}. */
  static long parseMicros(char[] text, int from, int length) {
    long local = length < 20 ? UNREADABLE : localSeconds(text, from);
    if (local == UNREADABLE) {
      return UNREADABLE;
    }
    int end = from + length;
    int fraction = from + 19;
    int zone = fraction;
    if (text[fraction] == '.') {
      zone++;
      while (zone < end && zone - fraction <= MICRO_DIGITS && isDigit(text[zone])) {
        zone++;
      }
      if (zone == fraction + 1) {
        return UNREADABLE;
      }
    }
    int offsetMinutes = offsetMinutes(text, zone, end);
    if (offsetMinutes == NO_ZONE) {
      return UNREADABLE;
    }
    long seconds = local - offsetMinutes * 60L;
    return seconds < FIRST_SECOND || seconds > LAST_SECOND
        ? UNREADABLE
        : seconds * MICROS_PER_SECOND + micros(text, fraction + 1, zone);
  }

  /** The date and time of day that the first 19 characters name, as if they were UTC. */
  private static long localSeconds(char[] text, int from) {
    if (text[from + 4] != '-'
        || text[from + 7] != '-'
        || (text[from + 10] != ' ' && text[from + 10] != 'T')
        || text[from + 13] != ':'
        || text[from + 16] != ':') {
      return UNREADABLE;
    }
    int year = digits(text, from, 4);
    int month = digits(text, from + 5, 2);
    int day = digits(text, from + 8, 2);
    int hour = digits(text, from + 11, 2);
    int minute = digits(text, from + 14, 2);
    int second = digits(text, from + 17, 2);
    if (!isDate(year, month, day) || !isTimeOfDay(hour, minute, second)) {
      return UNREADABLE;
    }
    return LocalDate.of(year, month, day).toEpochDay() * SECONDS_PER_DAY
        + hour * 3600L
        + minute * 60L
        + second;
  }

  /** The fraction's digits, if there are any, filled up with zeros to microseconds. */
  private static int micros(char[] text, int from, int to) {
    int micros = 0;
    for (int i = from; i < from + MICRO_DIGITS; i++) {
      micros = micros * 10 + (i < to ? text[i] - '0' : 0);
    }
    return micros;
  }

  private static boolean isDate(int year, int month, int day) {
    return year >= 1
        && month >= 1
        && month <= 12
        && day >= 1
        && (day <= 28 || day <= YearMonth.of(year, month).lengthOfMonth());
  }

  private static boolean isTimeOfDay(int hour, int minute, int second) {
    return hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second < 60;
  }

  /** Minutes east of UTC, or {@link #NO_ZONE} if the rest of the text is none. */
  private static int offsetMinutes(char[] text, int from, int end) {
    int length = end - from;
    if (length == 1 && text[from] == 'Z') {
      return 0;
    }
    if (length == 4
        && text[from] == ' '
        && text[from + 1] == 'U'
        && text[from + 2] == 'T'
        && text[from + 3] == 'C') {
      return 0;
    }
    boolean colon = length == 6 && text[from + 3] == ':';
    if ((!colon && length != 5) || (text[from] != '+' && text[from] != '-')) {
      return NO_ZONE;
    }
    int hours = digits(text, from + 1, 2);
    int minutes = digits(text, end - 2, 2);
    if (hours < 0 || minutes < 0 || minutes > 59 || hours * 60 + minutes > MAX_OFFSET_MINUTES) {
      return NO_ZONE;
    }
    return text[from] == '-' ? -(hours * 60 + minutes) : hours * 60 + minutes;
  }

  /** The value of so many ASCII digits, or -1 if one of them is something else. */
  private static int digits(char[] text, int from, int count) {
    int value = 0;
    for (int i = from; i < from + count; i++) {
      if (!isDigit(text[i])) {
        return -1;
      }
      value = value * 10 + (text[i] - '0');
    }
    return value;
  }

  private static boolean isDigit(char character) {
    return character >= '0' && character <= '9';
  }

  /** Writes {@code yyyy-MM-dd HH:mm:ss[.SSSSSS] UTC}, the form of the raw topic. */
  static void writeRaw(JsonBytes out, Instant time) {
    writeDateTime(out, time, ' ');
    int micros = time.get(ChronoField.MICRO_OF_SECOND);
    if (micros != 0) {
      out.ascii('.').digits(micros, 6);
    }
    out.ascii(" UTC");
  }

  /** Writes what {@code DateTimeFormatter.ISO_INSTANT} writes: no fraction, 3, or 6 digits. */
  static void writeIsoInstant(JsonBytes out, Instant time) {
    writeDateTime(out, time, 'T');
    int micros = time.get(ChronoField.MICRO_OF_SECOND);
    if (micros % 1000 != 0) {
      out.ascii('.').digits(micros, 6);
    } else if (micros != 0) {
      out.ascii('.').digits(micros / 1000, 3);
    }
    out.ascii('Z');
  }

  /** Writes date and time of day to the second, 19 characters. */
  static void writeDateTime(JsonBytes out, Instant time, char between) {
    LocalDate date = LocalDate.ofInstant(time, ZoneOffset.UTC);
    int secondOfDay = (int) Math.floorMod(time.getEpochSecond(), SECONDS_PER_DAY);
    if (!isInRange(time)) {
      throw new IllegalArgumentException("Time must be in the years 1 to 9999, but is " + time);
    }
    out.digits(date.getYear(), 4).ascii('-').digits(date.getMonthValue(), 2).ascii('-');
    out.digits(date.getDayOfMonth(), 2).ascii(between);
    out.digits(secondOfDay / 3600, 2).ascii(':');
    out.digits(secondOfDay / 60 % 60, 2).ascii(':');
    out.digits(secondOfDay % 60, 2);
  }
}
