package io.millrace.activities.streaming;

import org.jspecify.annotations.Nullable;

/**
 * One message for the raw topic.
 *
 * @param key the session, so that its events stay in order; null if there is none to read
 * @param value the bytes as they are sent; may be empty
 * @param kind what the summary counts it as: {@link #EVENT}, {@link #MALFORMED_LINE}, or a kind of
 *     bad row
 * @param number of its line in the input, or of the message, from 1
 */
@SuppressWarnings("ArrayRecordComponent") // Handed on to the producer at once, never compared.
public record RawMessage(@Nullable String key, byte[] value, String kind, long number) {
  /** A row of the input, whether or not the validation will find it good. */
  public static final String EVENT = "event";

  /** A line that cannot be read as a row, sent as it stands. */
  public static final String MALFORMED_LINE = "malformed_line";

  /** What the kinds begin with that were made bad on purpose. */
  static final String BAD = "bad_";

  /** Whether it was made bad on purpose, so that nothing is lost if it is refused. */
  public boolean isMadeBad() {
    return kind.startsWith(BAD);
  }
}
