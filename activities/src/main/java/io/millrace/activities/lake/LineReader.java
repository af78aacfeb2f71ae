package io.millrace.activities.lake;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Splits a stream into lines, as bytes and without a copy more than needed. Lines end with LF or
 * CRLF; the last one may end with the stream. Blank lines are passed over but counted.
 */
final class LineReader {
  private final InputStream in;
  private final int maxBytes;
  private byte[] buffer = new byte[1 << 16];
  private int start;
  private int end;
  private long number;

  /**
   * Reads from a stream that the caller closes.
   *
   * @param maxBytes of longer lines only this many bytes and one more are kept
   */
  LineReader(InputStream in, int maxBytes) {
    this.in = in;
    this.maxBytes = maxBytes;
  }

  /** The number of the line that was read last, from 1. */
  long number() {
    return number;
  }

  /** The next line that is not blank, without its end; null at the end of the stream. */
  byte @Nullable [] next() throws IOException {
    for (byte[] line = nextLine(); line != null; line = nextLine()) {
      if (line.length > 0) {
        return line;
      }
    }
    return null;
  }

  private byte @Nullable [] nextLine() throws IOException {
    int scanned = start;
    while (true) {
      for (int i = scanned; i < end; i++) {
        if (buffer[i] == '\n') {
          return line(i, i + 1);
        }
      }
      scanned = end;
      if (end - start > maxBytes + 1) {
        return longLine();
      }
      int before = start;
      if (!fill()) {
        return end == start ? null : line(end, end);
      }
      scanned -= before - start;
    }
  }

  private byte[] line(int lineEnd, int next) {
    int from = start;
    int to = lineEnd > from && buffer[lineEnd - 1] == '\r' ? lineEnd - 1 : lineEnd;
    start = next;
    number++;
    return Arrays.copyOfRange(buffer, from, Math.min(to, from + maxBytes + 1));
  }

  /** Keeps the beginning of a line that is too long and reads over the rest. */
  private byte[] longLine() throws IOException {
    byte[] head = Arrays.copyOfRange(buffer, start, start + maxBytes + 1);
    number++;
    while (true) {
      for (int i = start; i < end; i++) {
        if (buffer[i] == '\n') {
          start = i + 1;
          return head;
        }
      }
      start = end;
      if (!fill()) {
        return head;
      }
    }
  }

  /** Reads more behind the bytes that are left, which move to the front if there is no room. */
  private boolean fill() throws IOException {
    if (end == buffer.length) {
      int left = end - start;
      byte[] target = left > buffer.length / 2 ? new byte[buffer.length * 2] : buffer;
      System.arraycopy(buffer, start, target, 0, left);
      buffer = target;
      start = 0;
      end = left;
    }
    int read = in.read(buffer, end, buffer.length - end);
    if (read > 0) {
      end += read;
    }
    return read > 0;
  }
}
