package io.millrace.flink;

import io.millrace.core.events.BadRows;
import io.millrace.core.events.Event;
import io.millrace.core.events.EventType;
import io.millrace.core.events.RawEnvelope;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.SplittableRandom;

/**
 * A seeded stream of good and bad messages. A good one has its number as product id and one of
 * {@value #SESSIONS} sessions as key; a bad one has its number in its key.
 */
final class RawMessages {
  static final int SESSIONS = 100;
  private static final Instant START = Instant.parse("2024-12-30T22:00:00Z"); // YYYY says 2025
  private static final int SECONDS_BETWEEN = 1;
  private static final String BAD = "bad-";

  private final SplittableRandom random;

  RawMessages(long seed) {
    random = new SplittableRandom(seed);
  }

  /** A message; its value is null for a tombstone. */
  @SuppressWarnings("ArrayRecordComponent")
  record Message(boolean valid, String key, byte[] value) {}

  Message next(int number) {
    Event event = event(number, "session-" + random.nextInt(SESSIONS));
    return switch (random.nextInt(20)) {
      case 0 ->
          new Message(false, BAD + number, BadRows.of(BadRows.pick(random), event, random.split()));
      case 1 -> new Message(false, BAD + number, poison(number));
      default -> new Message(true, event.userSession(), RawEnvelope.of(event));
    };
  }

  static Event event(int number, String session) {
    return new Event(
        START.plusSeconds((long) number * SECONDS_BETWEEN / 4),
        EventType.VIEW,
        number,
        2053013555631882655L,
        null,
        "brand",
        9.99,
        number % 1000,
        session);
  }

  private byte[] poison(int number) {
    return switch (random.nextInt(5)) {
      case 0 -> null;
      case 1 -> "[".repeat(10_000).getBytes(StandardCharsets.UTF_8);
      case 2 -> new byte[] {(byte) 0xFF, (byte) 0xFE, 0, 1};
      case 3 -> ("plain text " + number).getBytes(StandardCharsets.UTF_8);
      default -> "{\"schema\":{},\"payload\":17}".getBytes(StandardCharsets.UTF_8);
    };
  }

  static boolean isBad(String key) {
    return key.startsWith(BAD);
  }
}
