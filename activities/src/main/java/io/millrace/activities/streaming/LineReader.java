package io.millrace.activities.streaming;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a stream into lines of bytes, without the {@code \n} or {@code \r\n} at their ends.
 *
 * <p>Bytes, because a line that is not UTF-8 must be passed on as it is. A line longer than the
 * limit is read to its end but not kept, so that memory stays bounded.
 */
final class LineReader {
  private final InputStream in;
  private final int limit;
  private final byte[] buffer = new byte[1 << 16];
  private final ByteArrayOutputStream line = new ByteArrayOutputStream(512);
  private int at;
  private int end;
  private long number;
  private boolean tooLong;

  LineReader(InputStream in, int limit) {
    this.in = in;
    this.limit = limit;
  }

  /** Number of the line that {@link #next} gave last, counted from 1. */
  long number() {
    return number;
  }

  /** Whether the line that {@link #next} gave last exceeded the limit; it is empty then. */
  boolean wasTooLong() {
    return tooLong;
  }

  /**
   * Reads a line; null at the end of the stream.
   *
   * @throws IOException if the stream breaks off; the unfinished line is not given out
   */
  byte @Nullable [] next() throws IOException {
    line.reset();
    tooLong = false;
    number++;
    boolean started = false;
    while (true) {
      if (at == end) {
        end = Math.max(0, in.read(buffer));
        at = 0;
        if (end == 0) {
          return started ? finished() : null;
        }
      }
      started = true;
      int from = at;
      while (at < end && buffer[at] != '\n') {
        at++;
      }
      append(from, at);
      if (at < end) {
        at++;
        return finished();
      }
    }
  }

  private void append(int from, int to) {
    if (!tooLong && line.size() + to - from > limit) {
      tooLong = true;
      line.reset();
    }
    if (!tooLong) {
      line.write(buffer, from, to - from);
    }
  }

  private byte[] finished() {
    byte[] bytes = line.toByteArray();
    if (bytes.length == 0 || bytes[bytes.length - 1] != '\r') {
      return bytes;
    }
    byte[] shorter = new byte[bytes.length - 1];
    System.arraycopy(bytes, 0, shorter, 0, shorter.length);
    return shorter;
  }
}
