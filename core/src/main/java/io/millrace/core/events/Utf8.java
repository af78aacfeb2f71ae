package io.millrace.core.events;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Tells UTF-8 from other bytes, strictly: Jackson lets overlong forms and encoded surrogates pass,
 * PostgreSQL does not. Plain ASCII, the usual case, is checked eight bytes at a time. Not
 * thread-safe.
 */
final class Utf8 {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long HIGH_BITS = 0x8080808080808080L;

  private final CharsetDecoder decoder =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT);
  private final CharBuffer decoded = CharBuffer.allocate(1024);

  boolean isValid(byte[] bytes) {
    int ascii = asciiPrefix(bytes);
    if (ascii == bytes.length) {
      return true;
    }
    ByteBuffer rest = ByteBuffer.wrap(bytes, ascii, bytes.length - ascii);
    decoder.reset();
    while (true) {
      decoded.clear();
      var result = decoder.decode(rest, decoded, true);
      if (result.isError()) {
        return false;
      }
      if (result.isUnderflow()) {
        return true;
      }
    }
  }

  private static int asciiPrefix(byte[] bytes) {
    int at = 0;
    for (; at + Long.BYTES <= bytes.length; at += Long.BYTES) {
      if (((long) LONGS.get(bytes, at) & HIGH_BITS) != 0) {
        return at;
      }
    }
    while (at < bytes.length && bytes[at] >= 0) {
      at++;
    }
    return at;
  }
}
