package io.millrace.core.input;

import java.io.IOException;
import java.io.InputStream;

/** Bytes of a stream, one at a time or as a piece of an array, and how many there were so far. */
final class InputBuffer {
  private final InputStream in;
  private final byte[] bytes;
  private int at;
  private int end;
  private long before;

  /** A buffer of so many bytes. */
  InputBuffer(InputStream in, int size) {
    this.in = in;
    this.bytes = new byte[size];
  }

  /** The next byte, 0 to 255; -1 at the end of the stream. */
  int next() throws IOException {
    return isEmpty() && !fill() ? -1 : bytes[at++] & 0xff;
  }

  /** The next byte, which is not taken; -1 at the end of the stream. */
  int peek() throws IOException {
    return isEmpty() && !fill() ? -1 : bytes[at] & 0xff;
  }

  /** How many bytes of the stream were taken. */
  long position() {
    return before + at;
  }

  boolean isEmpty() {
    return at == end;
  }

  /** Reads more, once all was taken; false at the end of the stream. */
  boolean fill() throws IOException {
    before += at;
    at = 0;
    end = Math.max(0, in.read(bytes));
    return end > 0;
  }

  byte[] bytes() {
    return bytes;
  }

  /** Where in {@link #bytes} the next byte stands. */
  int at() {
    return at;
  }

  /** How many bytes there are from {@link #at} on without reading more. */
  int available() {
    return end - at;
  }

  /** Takes all but so many of the available bytes. */
  void takeAllBut(int left) {
    at = end - left;
  }
}
