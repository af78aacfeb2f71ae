package io.millrace.core.events;

import java.util.Arrays;

/**
 * Spares the reader the schema that every message of a topic repeats.
 *
 * <p>It remembers what valid messages began with, up to the payload. Of a message that begins with
 * the very same bytes only the payload and what follows it are copied, behind an opening brace and
 * the payload's key: the same document as far as an {@link EventReader} looks, at half the cost.
 * Not thread-safe.
 */
final class EnvelopePrefixCache {
  private static final byte[] START = {'{', '"', 'p', 'a', 'y', 'l', 'o', 'a', 'd', '"', ':'};
  private static final int MAX_PREFIX = 16_384;

  private final byte[][] prefixes = {RawEnvelope.PREFIX, START, START, START};
  private int next = 1;
  private byte[] document = new byte[1024];
  private int length;

  /** Shortens a message that has its payload at {@link #end}. */
  void shorten(byte[] message, int end) {
    length = START.length + message.length - end;
    if (document.length < length) {
      document = new byte[length];
    }
    System.arraycopy(START, 0, document, 0, START.length);
    System.arraycopy(message, end, document, START.length, length - START.length);
  }

  /** The shortened message, from its first byte up to {@link #length}. */
  byte[] document() {
    return document;
  }

  int length() {
    return length;
  }

  /** Remembers the beginning of a valid message, which ends where its first payload begins. */
  void learn(byte[] message, int end) {
    if (end > START.length && end <= MAX_PREFIX) {
      prefixes[next] = Arrays.copyOf(message, end);
      next = next + 1 == prefixes.length ? 1 : next + 1;
    }
  }

  /** Where the message's payload begins, or 0 if its beginning is not known. */
  int end(byte[] message) {
    for (byte[] prefix : prefixes) {
      if (prefix.length < message.length
          && prefix.length > START.length
          && Arrays.equals(prefix, 0, prefix.length, message, 0, prefix.length)) {
        return prefix.length;
      }
    }
    return 0;
  }
}
