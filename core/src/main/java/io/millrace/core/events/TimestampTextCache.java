package io.millrace.core.events;

import java.time.Instant;
import java.time.temporal.ChronoField;
import java.util.Arrays;

/**
 * The text of the second in which messages are being processed: made once, not for each of them.
 *
 * @param second since 1970
 * @param text date and time of day, to the second
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody, and never written to
record TimestampTextCache(long second, byte[] text) {

  /** Threads may overwrite each other's: each finds a whole one, and looks at its second. */
  private static volatile TimestampTextCache last = of(Instant.EPOCH);

  /** What Python's {@code datetime.utcnow().isoformat()} writes: UTC without saying so. */
  static byte[] pythonIso(Instant time) {
    TimestampTextCache known = last;
    if (known.second != time.getEpochSecond()) {
      known = of(time);
      last = known;
    }
    int micros = time.get(ChronoField.MICRO_OF_SECOND);
    int length = known.text.length;
    byte[] text = Arrays.copyOf(known.text, micros == 0 ? length : length + 7);
    if (micros != 0) {
      text[length] = '.';
      for (int i = length + 6, rest = micros; i > length; i--, rest /= 10) {
        text[i] = (byte) ('0' + rest % 10);
      }
    }
    return text;
  }

  private static TimestampTextCache of(Instant time) {
    JsonBytes text = new JsonBytes(19);
    EventTime.writeDateTime(text, time, 'T');
    return new TimestampTextCache(time.getEpochSecond(), text.toBytes());
  }
}
