package io.millrace.activities.streaming;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Messages one after the other, from a file or a generator. Not thread-safe. */
public interface EventSource extends AutoCloseable {

  /**
   * Takes the next message; null at the end.
   *
   * @throws IOException if the input breaks off; every message before that has been handed out
   */
  @Nullable RawMessage next() throws IOException;

  /** Where its messages go: the raw topic, unless it says otherwise. */
  default String topic() {
    return Topics.RAW;
  }

  /** How far the source is, in units of {@link #total}. */
  long position();

  /** Where it ends: messages for a generator, bytes on disk for a file. */
  long total();

  /** How a message of this source is named in a remark, by its {@link RawMessage#number}. */
  String place(long number);

  /** What was odd about the input so far. Who sends the messages adds what becomes of them. */
  Remarks remarks();

  /**
   * How many lines of the input were read, or messages made up. Each was a header, blank, refused,
   * or a message that {@link #next} gave.
   */
  long lines();

  /** Lines that name the columns: 1 or 0. */
  long headerLines();

  /** Lines that held nothing and were passed over. */
  long blankLines();

  /** Lines that no message can hold and that were passed over; each is in the remarks. */
  long refusedLines();

  @Override
  void close() throws IOException;
}
