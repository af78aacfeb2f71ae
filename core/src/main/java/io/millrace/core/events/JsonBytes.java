package io.millrace.core.events;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A growing buffer of UTF-8 JSON text.
 *
 * <p>It writes what it is told, in the order it is told; whether that adds up to a JSON document is
 * the caller's business.
 */
final class JsonBytes {
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] NULL = {'n', 'u', 'l', 'l'};
  private static final double MAX_CENTS = 1e15;

  private byte[] bytes;
  private int length;

  JsonBytes(int capacity) {
    bytes = new byte[capacity];
  }

  JsonBytes raw(byte[] source) {
    return raw(source, 0, source.length);
  }

  JsonBytes raw(byte[] source, int from, int to) {
    ensure(to - from);
    System.arraycopy(source, from, bytes, length, to - from);
    length += to - from;
    return this;
  }

  JsonBytes ascii(char character) {
    ensure(1);
    bytes[length++] = (byte) character;
    return this;
  }

  JsonBytes ascii(String text) {
    int count = text.length();
    ensure(count);
    for (int i = 0; i < count; i++) {
      bytes[length++] = (byte) text.charAt(i);
    }
    return this;
  }

  /** Writes a number of at least zero with leading zeros up to the width. */
  JsonBytes digits(int value, int width) {
    ensure(width);
    int rest = value;
    for (int i = length + width - 1; i >= length; i--) {
      bytes[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    length += width;
    return this;
  }

  JsonBytes number(long value) {
    if (value == Long.MIN_VALUE) {
      return ascii(Long.toString(value));
    }
    ensure(20);
    long rest = Math.abs(value);
    if (value < 0) {
      bytes[length++] = '-';
    }
    int width = 1;
    for (long power = 10; width < 19 && rest >= power; power *= 10) {
      width++;
    }
    for (int i = length + width - 1; i >= length; i--) {
      bytes[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    length += width;
    return this;
  }

  /**
   * Writes a double so that reading it gives the same double. JSON has no NaN and no infinity:
   * those are written as text, for a reader to refuse.
   */
  JsonBytes number(double value) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      return string(Double.toString(value));
    }
    double cents = Math.rint(value * 100);
    if (value > 0 && cents < MAX_CENTS && cents / 100 == value) {
      long whole = (long) cents;
      int fraction = (int) (whole % 100);
      number(whole / 100).ascii('.');
      return fraction % 10 == 0 ? digits(fraction / 10, 1) : digits(fraction, 2);
    }
    return ascii(Double.toString(value));
  }

  /** Writes text in quotes, or null. An unpaired surrogate becomes an escape, as it was in Java. */
  JsonBytes string(@Nullable String text) {
    if (text == null) {
      return raw(NULL);
    }
    int count = text.length();
    ensure(count * 6 + 2);
    bytes[length++] = '"';
    for (int i = 0; i < count; i++) {
      char character = text.charAt(i);
      if (character >= 0x20 && character < 0x80 && character != '"' && character != '\\') {
        bytes[length++] = (byte) character;
      } else if (Character.isHighSurrogate(character)
          && i + 1 < count
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        fourBytes(Character.toCodePoint(character, text.charAt(++i)));
      } else {
        escapedOrEncoded(character);
      }
    }
    bytes[length++] = '"';
    return this;
  }

  private void escapedOrEncoded(char character) {
    if (character == '"' || character == '\\') {
      bytes[length++] = '\\';
      bytes[length++] = (byte) character;
    } else if (character < 0x20 || Character.isSurrogate(character)) {
      bytes[length++] = '\\';
      bytes[length++] = 'u';
      for (int shift = 12; shift >= 0; shift -= 4) {
        bytes[length++] = HEX[character >> shift & 0xF];
      }
    } else if (character < 0x800) {
      bytes[length++] = (byte) (0xC0 | (character >> 6));
      bytes[length++] = (byte) (0x80 | (character & 0x3F));
    } else {
      bytes[length++] = (byte) (0xE0 | (character >> 12));
      bytes[length++] = (byte) (0x80 | (character >> 6 & 0x3F));
      bytes[length++] = (byte) (0x80 | (character & 0x3F));
    }
  }

  private void fourBytes(int codePoint) {
    bytes[length++] = (byte) (0xF0 | (codePoint >> 18));
    bytes[length++] = (byte) (0x80 | (codePoint >> 12 & 0x3F));
    bytes[length++] = (byte) (0x80 | (codePoint >> 6 & 0x3F));
    bytes[length++] = (byte) (0x80 | (codePoint & 0x3F));
  }

  /** The bytes written so far. Write no more after it: what fits exactly is not copied. */
  byte[] toBytes() {
    return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
  }

  /** Replaces line breaks, which in JSON can only stand between tokens, by blanks. */
  JsonBytes onOneLine() {
    for (int i = 0; i < length; i++) {
      if (bytes[i] == '\n' || bytes[i] == '\r') {
        bytes[i] = ' ';
      }
    }
    return this;
  }

  private void ensure(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(length + more, bytes.length * 2));
    }
  }
}
