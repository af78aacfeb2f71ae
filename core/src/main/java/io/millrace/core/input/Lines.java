package io.millrace.core.input;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a stream into lines, as bytes: a line that is not UTF-8 must be passed on as it is.
 *
 * <p>A line ends with LF or CRLF, the last one also with the stream; a CR alone is part of a line.
 * Of a line that is longer than the limit only the beginning is kept, so that memory is bounded.
 * Not thread-safe.
 */
public final class Lines {
  private final InputStream in;
  private final int limit;
  private byte[] buffer = new byte[1 << 16];
  private int start;
  private int end;
  private long number;
  private long length;

  /**
   * Reads from a stream that the caller closes.
   *
   * @param limit of a longer line {@link #next} gives so many bytes and one more
   */
  public Lines(InputStream in, int limit) {
    this.in = in;
    this.limit = limit;
  }

  /**
   * The number of the line that {@link #next} gave last, from 1. After an exception, of the line
   * before the one in which the stream broke off.
   */
  public long number() {
    return number;
  }

  /** How many bytes the line that {@link #next} gave last has, without its end. */
  public long length() {
    return length;
  }

  /** Whether the line that {@link #next} gave last was cut. */
  public boolean isTooLong() {
    return length > limit;
  }

  /**
   * The next line without its end, empty if there is nothing in it; null at the end of the stream.
   *
   * @throws IOException of the stream; the unfinished line is not given out
   */
  public byte @Nullable [] next() throws IOException {
    int scanned = start;
    while (true) {
      for (int i = scanned; i < end; i++) {
        if (buffer[i] == '\n') {
          return line(i, i + 1);
        }
      }
      if (end - start > limit + 1) {
        return longLine();
      }
      int left = end - start;
      if (!fill()) {
        return end == start ? null : line(end, end);
      }
      scanned = start + left;
    }
  }

  private byte[] line(int lineEnd, int next) {
    int from = start;
    int to = lineEnd > from && buffer[lineEnd - 1] == '\r' ? lineEnd - 1 : lineEnd;
    start = next;
    number++;
    length = (long) to - from;
    return Arrays.copyOfRange(buffer, from, (int) Math.min(to, from + limit + 1L));
  }

  /** Keeps the beginning of a line that is too long, and reads to its end. */
  private byte[] longLine() throws IOException {
    byte[] head = Arrays.copyOfRange(buffer, start, start + limit + 1);
    long all = 0;
    byte last = 0;
    boolean open = true;
    while (open) {
      int i = start;
      while (i < end && buffer[i] != '\n') {
        i++;
      }
      all += i - start;
      last = i > start ? buffer[i - 1] : last;
      open = i == end;
      start = open ? i : i + 1;
      open = open && fill();
    }
    number++;
    length = last == '\r' ? all - 1 : all;
    return head;
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
