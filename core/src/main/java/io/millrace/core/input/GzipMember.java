package io.millrace.core.input;

import java.io.IOException;
import java.util.zip.CRC32;

/**
 * Reads what a member has around its compressed data (RFC 1952, 2.3), and says what is wrong with
 * it.
 *
 * @param in stands behind the member's first byte, later behind its data
 * @param number of the member, from 1
 * @param start where its first byte stands in the gzip stream
 */
record GzipMember(InputBuffer in, long number, long start) {
  static final int FIRST_BYTE = 0x1f;
  static final int SECOND_BYTE = 0x8b;

  private static final int DEFLATE = 8;
  private static final int HAS_CHECKSUM = 2;
  private static final int HAS_EXTRA = 4;
  private static final int HAS_NAME = 8;
  private static final int HAS_COMMENT = 16;
  private static final int RESERVED = 0xe0;
  private static final int TIME_LEVEL_SYSTEM = 6;

  /** Goes over the header, whose first byte was taken; its optional parts may be of any length. */
  void readHeader(int first) throws IOException {
    CRC32 crc = new CRC32();
    crc.update(first);
    if (first != FIRST_BYTE || next(crc) != SECOND_BYTE) {
      throw damaged("it does not begin with the bytes 1f 8b");
    }
    int method = next(crc);
    if (method != DEFLATE) {
      throw damaged("its method of compression is %d, not 8".formatted(method));
    }
    int flags = next(crc);
    if ((flags & RESERVED) != 0) {
      throw damaged("its header has reserved flags (%02x)".formatted(flags));
    }
    skip(crc, TIME_LEVEL_SYSTEM);
    if ((flags & HAS_EXTRA) != 0) {
      int low = next(crc);
      skip(crc, low | (next(crc) << Byte.SIZE));
    }
    if ((flags & HAS_NAME) != 0) {
      skipText(crc);
    }
    if ((flags & HAS_COMMENT) != 0) {
      skipText(crc);
    }
    if ((flags & HAS_CHECKSUM) != 0) {
      check("its header's checksum", number(2), crc.getValue() & 0xffff);
    }
  }

  /** Compares checksum and length behind the data with those of the content. */
  void readTrailer(CRC32 crc, long length) throws IOException {
    check("its checksum", number(Integer.BYTES), crc.getValue());
    check("its length modulo 2^32", number(Integer.BYTES), length & 0xffff_ffffL);
  }

  UnreadableInputException damaged(String what) {
    return new UnreadableInputException(
        "gzip member %d, from byte %d on: %s".formatted(number, start, what));
  }

  UnreadableInputException cutShort() {
    return damaged("the stream ends inside of it (cut short?)");
  }

  private void check(String what, long stored, long computed) throws IOException {
    if (stored != computed) {
      throw damaged(
          "%s is said to be %x, but that of its content is %x".formatted(what, stored, computed));
    }
  }

  private long number(int bytes) throws IOException {
    CRC32 uncounted = new CRC32();
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      value |= (long) next(uncounted) << (i * Byte.SIZE);
    }
    return value;
  }

  private int next(CRC32 crc) throws IOException {
    int next = in.next();
    if (next < 0) {
      throw cutShort();
    }
    crc.update(next);
    return next;
  }

  private void skip(CRC32 crc, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      next(crc);
    }
  }

  private void skipText(CRC32 crc) throws IOException {
    while (next(crc) != 0) {
      // Up to the zero byte that ends it.
    }
  }
}
