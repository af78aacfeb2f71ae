package io.millrace.activities.streaming;

import java.io.IOException;
import java.util.List;
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

  /** What was odd about the input so far, each with its place; the first few only. */
  List<String> remarks();

  /** Lines that held nothing and were passed over. */
  long blankLines();

  /** Lines that no message can hold and that were passed over; each is in the remarks. */
  long refusedLines();

  @Override
  void close() throws IOException;
}
