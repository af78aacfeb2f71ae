package io.millrace.core.input;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Gzip streams for tests, written here byte by byte. */
final class GzipParts {
  static final int CHECKSUM = 2;
  static final int EXTRA = 4;
  static final int NAME = 8;
  static final int COMMENT = 16;

  private GzipParts() {}

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** A member whose header has the optional parts that the flags name. */
  static byte[] member(byte[] content, int flags) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {0x1f, (byte) 0x8b, 8, (byte) flags, 1, 2, 3, 4, 0, 3});
    if ((flags & EXTRA) != 0) {
      out.writeBytes(new byte[] {3, 1});
      out.writeBytes(new byte[259]);
    }
    if ((flags & NAME) != 0) {
      out.writeBytes(bytes("events.json\0"));
    }
    if ((flags & COMMENT) != 0) {
      out.writeBytes(bytes("a comment\0"));
    }
    if ((flags & CHECKSUM) != 0) {
      little(out, crc(out.toByteArray()), 2);
    }
    out.writeBytes(deflated(content));
    little(out, crc(content), 4);
    little(out, content.length, 4);
    return out.toByteArray();
  }

  static byte[] joined(List<byte[]> parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    parts.forEach(out::writeBytes);
    return out.toByteArray();
  }

  /** Gives at most so many bytes a read, and never says that there are more. */
  static InputStream slow(byte[] bytes, int chunk) {
    return new FilterInputStream(new ByteArrayInputStream(bytes)) {
      @Override
      public int read(byte[] target, int from, int length) throws IOException {
        return super.read(target, from, Math.min(length, chunk));
      }

      @Override
      public int available() {
        return 0;
      }
    };
  }

  private static byte[] deflated(byte[] content) {
    Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
    deflater.setInput(content);
    deflater.finish();
    byte[] buffer = new byte[content.length * 2 + 100];
    int length = deflater.deflate(buffer);
    deflater.end();
    return Arrays.copyOf(buffer, length);
  }

  private static long crc(byte[] content) {
    CRC32 crc = new CRC32();
    crc.update(content);
    return crc.getValue();
  }

  private static void little(ByteArrayOutputStream out, long value, int bytes) {
    for (int i = 0; i < bytes; i++) {
      out.write((int) (value >> (i * Byte.SIZE)));
    }
  }
}
