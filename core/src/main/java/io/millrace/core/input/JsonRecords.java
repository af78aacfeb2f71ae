package io.millrace.core.input;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The records of a JSON text, in its order and with bounded memory.
 *
 * <p>The beginning of the text decides how it is read:
 *
 * <ul>
 *   <li><b>As lines</b>, each of them a record, whatever stands in it. One that is broken harms no
 *       other. A record's number is that of its line; blank lines are no records.
 *   <li><b>As values</b>, if it begins with a JSON object over several lines, with an object that
 *       is followed by another value in its line, or with an array of objects. A record is an
 *       object, or an element of an array; its number is its place among them, from 1. A text that
 *       breaks off, or an array that is none, cannot be read.
 * </ul>
 *
 * <p>Of a record that is longer than the limit only the beginning is kept. Not thread-safe.
 */
public sealed interface JsonRecords permits LineRecords, ValueRecords {

  /**
   * Looks at the beginning, at most about as many bytes as the limit.
   *
   * @param text read from its beginning; the caller closes it
   * @param limit of a longer record {@link #next} gives so many bytes and one more
   * @throws IOException of the text
   */
  static JsonRecords of(InputStream text, int limit) throws IOException {
    byte[] head = new byte[1 << 13];
    int length = 0;
    while (true) {
      int read = text.readNBytes(head, length, head.length - length);
      length += read;
      JsonStart start = JsonStart.of(head, length, length < head.length);
      if (start != JsonStart.UNKNOWN || length > limit) {
        InputStream whole =
            new SequenceInputStream(new ByteArrayInputStream(head, 0, length), text);
        return start == JsonStart.VALUES
            ? new ValueRecords(whole, limit)
            : new LineRecords(whole, limit);
      }
      head = Arrays.copyOf(head, head.length * 2);
    }
  }

  /**
   * The next record; null at the end of the text.
   *
   * @throws UnreadableInputException if the text breaks off, or is no JSON between its records
   * @throws IOException of the text
   */
  byte @Nullable [] next() throws IOException;

  /** The number of the record that {@link #next} gave last. */
  long number();

  /** How many bytes that record has in the text. */
  long length();

  /** Whether the records are the text's lines, so that it can be put before and behind others. */
  boolean areLines();
}
