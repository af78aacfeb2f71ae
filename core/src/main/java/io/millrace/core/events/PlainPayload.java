package io.millrace.core.events;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads a message from its payload to its end as producers and our own jobs write it: printable
 * ASCII, text without escapes, numbers without exponents, no objects in the payload.
 *
 * <p>It takes the values straight from the message's bytes, at a fraction of a parser's cost. What
 * it reads, it reads as the parser does; of anything else, good or bad, it says that it cannot
 * tell, and {@link EventReader} asks the parser. Not thread-safe.
 */
final class PlainPayload {
  private static final EventField[] FIELDS = EventField.values();
  private static final byte[][] NAMES =
      EventField.names().stream().map(PlainPayload::ascii).toArray(byte[][]::new);

  /** The names as they mostly stand in a message. */
  private static final byte[][] KEYS =
      EventField.names().stream().map(name -> ascii('"' + name + "\":")).toArray(byte[][]::new);

  private static final byte[] PAYLOAD = ascii("payload");
  private static final byte[] NULL = ascii("null");
  private static final int MAX_NAME = 1_000;

  /** A long has room for all numbers of 19 digits, if its sign bit is taken for a digit's. */
  private static final int MAX_DIGITS = 19;

  /** So many digits, and the powers of ten below, are exact as doubles: their quotient is right. */
  private static final int EXACT_DIGITS = 15;

  private static final double[] POWERS =
      DoubleStream.iterate(1, power -> power * 10).limit(EXACT_DIGITS + 1).toArray();

  private final EventFields fields;
  private byte[] input = {};
  private int at;
  private int expected;
  private int nameEnd;

  PlainPayload(EventFields fields) {
    this.fields = fields;
  }

  /**
   * Reads the payload into the fields, and goes over what follows it.
   *
   * @param from where the payload begins in its message, all before which is known
   * @return whether that was all there is; if not, the fields hold anything
   */
  boolean read(byte[] message, int from) {
    input = message;
    at = from;
    expected = 0;
    fields.clear();
    return object(true) && others() && at == message.length;
  }

  /** After reading in vain: whether the message ended too early, so that it can only be broken. */
  boolean isCutOff() {
    return at >= input.length;
  }

  private boolean object(boolean isPayload) {
    if (!take('{')) {
      return false;
    }
    do {
      // Fields mostly come in the contract's order.
      boolean isExpected = isPayload && isAt(KEYS[expected]);
      if (!(isExpected ? expectedMember() : anyMember(isPayload))) {
        return false;
      }
      blanks();
    } while (take(','));
    return take('}');
  }

  private boolean expectedMember() {
    EventField field = FIELDS[expected];
    at += KEYS[expected].length;
    expected = expected + 1 == KEYS.length ? 0 : expected + 1;
    blanks();
    return scalar(field);
  }

  private boolean anyMember(boolean isPayload) {
    int name = name();
    return name >= 0 && scalar(isPayload ? field(name, nameEnd) : null);
  }

  /** The members behind the payload, as our jobs add them, and the end of the message. */
  private boolean others() {
    blanks();
    while (take(',')) {
      int name = name();
      if (name < 0 || isEqual(PAYLOAD, name, nameEnd)) {
        return false;
      }
      if (!(peek() == '{' ? object(false) : scalar(null))) {
        return false;
      }
      blanks();
    }
    return take('}');
  }

  /** Goes over a name and its colon; where it begins, or -1. */
  private int name() {
    blanks();
    int from = text();
    nameEnd = at - 1;
    if (from < 0 || nameEnd - from > MAX_NAME) {
      return -1;
    }
    blanks();
    if (!take(':')) {
      return -1;
    }
    blanks();
    return from;
  }

  private @Nullable EventField field(int from, int to) {
    for (int i = 0; i < NAMES.length; i++) {
      if (isEqual(NAMES[i], from, to)) {
        expected = i + 1 == NAMES.length ? 0 : i + 1;
        return FIELDS[i];
      }
    }
    return null;
  }

  private boolean scalar(@Nullable EventField field) {
    int first = peek();
    if (first == '"') {
      int from = text();
      if (from >= 0 && field != null) {
        fields.ascii(field, input, from, at - 1);
      }
      return from >= 0;
    }
    if (first == 'n' && isAt(NULL)) {
      at += NULL.length;
      if (field != null) {
        fields.nothing(field);
      }
      return true;
    }
    return number(field);
  }

  private boolean number(@Nullable EventField field) {
    boolean negative = take('-');
    int first = at;
    long whole = digits(0);
    int count = at - first;
    if (count == 0 || count > MAX_DIGITS || whole < 0 || (count > 1 && input[first] == '0')) {
      return false;
    }
    if (peek() != '.') {
      if (field != null) {
        fields.integer(field, negative ? -whole : whole);
      }
      return true;
    }
    int dot = at++;
    long unscaled = digits(whole);
    int scale = at - dot - 1;
    if (scale == 0 || count + scale > EXACT_DIGITS) {
      return false;
    }
    if (field != null) {
      fields.decimal(field, (negative ? -unscaled : unscaled) / POWERS[scale]);
    }
    return true;
  }

  private long digits(long before) {
    long value = before;
    int i = at;
    for (; i < input.length && input[i] >= '0' && input[i] <= '9'; i++) {
      value = value * 10 + (input[i] - '0');
    }
    at = i;
    return value;
  }

  /** Goes over text in quotes; where its first character stands, or -1. */
  private int text() {
    if (!take('"')) {
      return -1;
    }
    int from = at;
    for (at = EnvelopeScan.plainEnd(input, from); at < input.length; at++) {
      byte current = input[at];
      if (current == '"') {
        at++;
        return from;
      }
      if (current < ' ' || current == '\\') { // bytes of other than ASCII are negative
        return -1;
      }
    }
    return -1;
  }

  private void blanks() {
    while (peek() == ' ') {
      at++;
    }
  }

  private boolean take(char character) {
    if (peek() != character) {
      return false;
    }
    at++;
    return true;
  }

  private int peek() {
    return at < input.length ? input[at] : -1;
  }

  private boolean isAt(byte[] text) {
    return input.length - at >= text.length && isEqual(text, at, at + text.length);
  }

  private boolean isEqual(byte[] text, int from, int to) {
    return Arrays.equals(text, 0, text.length, input, from, to);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
