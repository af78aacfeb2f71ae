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

  private boolean object(boolean isPayload) {
    if (!take('{')) {
      return false;
    }
    do {
      int name = name();
      if (name < 0) {
        return false;
      }
      EventField field = isPayload ? field(name, nameEnd) : null;
      if (!scalar(field)) {
        return false;
      }
      blanks();
    } while (take(','));
    return take('}');
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

  /** The field of a name; fields mostly come in the contract's order. */
  private @Nullable EventField field(int from, int to) {
    for (int i = 0; i < NAMES.length; i++) {
      int candidate = expected;
      expected = expected + 1 == NAMES.length ? 0 : expected + 1;
      if (isEqual(NAMES[candidate], from, to)) {
        return FIELDS[candidate];
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
    if (first == 'n' && isEqual(NULL, at, Math.min(at + NULL.length, input.length))) {
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
    for (int digit = peek() - '0'; digit >= 0 && digit <= 9; digit = peek() - '0') {
      value = value * 10 + digit;
      at++;
    }
    return value;
  }

  /** Goes over text in quotes; where its first character stands, or -1. */
  private int text() {
    if (!take('"')) {
      return -1;
    }
    int from = at;
    for (int i = from; i < input.length; i++) {
      byte current = input[i];
      if (current == '"') {
        at = i + 1;
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

  private boolean isEqual(byte[] text, int from, int to) {
    return Arrays.equals(text, 0, text.length, input, from, to);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
