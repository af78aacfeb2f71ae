package io.millrace.engine.logs;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The lines of one try in bounded memory: the first half of what fits and the last half; what was
 * between is counted. Safe for use by many threads.
 */
final class LogBuffer {

  private static final int MAX_LINE = 64 << 10;

  private final int half;
  private final MemoryBudget memory;
  private final ByteArrayOutputStream head = new ByteArrayOutputStream();
  private final Deque<byte[]> tail = new ArrayDeque<>();
  private int tailBytes;
  private long leftOutLines;
  private long leftOutBytes;
  private long lines;

  /**
   * Makes an empty one.
   *
   * @param maxBytes most that it keeps
   * @param memory what all of them may take together
   */
  LogBuffer(int maxBytes, MemoryBudget memory) {
    this.half = maxBytes / 2;
    this.memory = memory;
  }

  /** Adds text that ends a line; returns false if there was no memory for it. */
  synchronized boolean add(String text) {
    byte[] line = bytes(text);
    lines++;
    if (!memory.take(line.length)) {
      leaveOut(line);
      return false;
    }
    if (tail.isEmpty() && head.size() + line.length <= half) {
      head.writeBytes(line);
      return true;
    }
    tail.addLast(line);
    tailBytes += line.length;
    while (tailBytes > half) {
      byte[] oldest = tail.removeFirst();
      tailBytes -= oldest.length;
      memory.give(oldest.length);
      leaveOut(oldest);
    }
    return true;
  }

  /** How many lines were added, which also says whether something is new. */
  synchronized long lines() {
    return lines;
  }

  /** All that is kept, in order. */
  synchronized byte[] render() {
    ByteArrayOutputStream all = new ByteArrayOutputStream(head.size() + tailBytes + 200);
    all.writeBytes(head.toByteArray());
    if (leftOutLines > 0) {
      all.writeBytes(
          "=== %,d lines (%,d bytes) are left out here; a try keeps at most %,d bytes: logs.max-size%n"
              .formatted(leftOutLines, leftOutBytes, 2L * half)
              .getBytes(StandardCharsets.UTF_8));
    }
    tail.forEach(all::writeBytes);
    return all.toByteArray();
  }

  /** Gives the memory back; nothing may be added any more. */
  synchronized void release() {
    memory.give(head.size() + tailBytes);
    head.reset();
    tail.clear();
    tailBytes = 0;
  }

  private void leaveOut(byte[] line) {
    leftOutLines++;
    leftOutBytes += line.length;
  }

  private byte[] bytes(String text) {
    int longest = Math.min(MAX_LINE, half);
    String cut =
        text.length() <= longest
            ? text
            : "%s… (cut: %,d characters)%n"
                .formatted(text.substring(0, longest / 4), text.length());
    return cut.getBytes(StandardCharsets.UTF_8);
  }
}
