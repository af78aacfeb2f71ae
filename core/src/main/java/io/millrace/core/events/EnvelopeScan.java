package io.millrace.core.events;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Tells whether an object's bytes can be spliced as they are, without parsing them: no control
 * character between the tokens, no escape that could hide a key, and none of the output envelope's
 * keys anywhere.
 *
 * <p>Looks at eight bytes at a time, as "Bit Twiddling Hacks" (Anderson) finds a byte in a word.
 */
final class EnvelopeScan {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long LOW_BITS = 0x7F7F7F7F7F7F7F7FL;
  private static final long HIGH_BITS = 0x8080808080808080L;
  private static final byte[][] KEYS = {
    "valid\"".getBytes(StandardCharsets.US_ASCII),
    "error_message\"".getBytes(StandardCharsets.US_ASCII),
    "error_type\"".getBytes(StandardCharsets.US_ASCII),
    "metadata\"".getBytes(StandardCharsets.US_ASCII)
  };

  private EnvelopeScan() {}

  static boolean isPlain(byte[] input) {
    int at = startsWith(input, 0, RawEnvelope.PREFIX) ? RawEnvelope.PREFIX.length : 0;
    for (; at + Long.BYTES < input.length; at += Long.BYTES) {
      long word = (long) LONGS.get(input, at);
      if ((bytesOf(word, '\\') | ((word - 0x20 * ONES) & ~word & HIGH_BITS)) != 0) {
        return false;
      }
      // Quotes are many and hard to predict, those before a first letter of a key are few.
      long next = (long) LONGS.get(input, at + 1);
      long starts = bytesOf(next, 'v') | bytesOf(next, 'e') | bytesOf(next, 'm');
      for (long keys = bytesOf(word, '"') & starts; keys != 0; keys &= keys - 1) {
        if (isKey(input, at + Long.numberOfTrailingZeros(keys) / Byte.SIZE + 1)) {
          return false;
        }
      }
    }
    for (; at < input.length; at++) {
      byte current = input[at];
      if (current == '\\' || (current >= 0 && current < 0x20)) {
        return false;
      }
    }
    // A key in the last bytes would need more of them to hold its value.
    return true;
  }

  /** Up to where, in words of eight bytes, text is ASCII without quotes, escapes and controls. */
  static int plainEnd(byte[] input, int from) {
    int at = from;
    for (; at + Long.BYTES <= input.length; at += Long.BYTES) {
      long word = (long) LONGS.get(input, at);
      long controls = (word - 0x20 * ONES) & ~word;
      if ((bytesOf(word, '"') | bytesOf(word, '\\') | ((controls | word) & HIGH_BITS)) != 0) {
        return at;
      }
    }
    return at;
  }

  /** The high bit of each byte that is the given one. */
  private static long bytesOf(long word, char character) {
    long difference = word ^ (character * ONES);
    return ~(((difference & LOW_BITS) + LOW_BITS) | difference | LOW_BITS);
  }

  private static boolean isKey(byte[] input, int at) {
    for (byte[] key : KEYS) {
      if (startsWith(input, at, key)) {
        return true;
      }
    }
    return false;
  }

  private static boolean startsWith(byte[] input, int at, byte[] part) {
    return input.length - at >= part.length
        && Arrays.equals(input, at, at + part.length, part, 0, part.length);
  }
}
