package io.millrace.activities.streaming;

import io.millrace.core.events.BadRows;
import io.millrace.core.events.Event;
import io.millrace.core.events.RawEnvelope;
import io.millrace.core.events.SyntheticEvents;
import java.time.Instant;
import java.util.Locale;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A made-up stream of events, some of them spoiled. The same seed, start, count and rate give the
 * same bytes.
 */
public final class GeneratedEvents implements EventSource {
  private static final long BAD_ROWS_SALT = 0x9E3779B97F4A7C15L;

  private final SyntheticEvents events;
  private final SplittableRandom random;
  private final long total;
  private final double badRate;
  private final Remarks remarks = new Remarks();
  private long position;
  private Instant latest;

  /**
   * Prepares a stream.
   *
   * @param total messages, good and bad together
   * @param badRate share of messages that are spoiled, 0 to 1; each kind is as frequent
   * @param start time of the first visit
   */
  public GeneratedEvents(long total, long seed, double badRate, Instant start) {
    if (total < 0 || !(badRate >= 0 && badRate <= 1)) {
      throw new IllegalArgumentException(
          "Need a count of at least 0 and a bad rate from 0 to 1, but got "
              + total
              + " and "
              + badRate);
    }
    this.total = total;
    this.badRate = badRate;
    events = new SyntheticEvents(seed, start, SyntheticEvents.EVENTS_PER_HOUR);
    random = new SplittableRandom(seed ^ BAD_ROWS_SALT);
    latest = start;
  }

  @Override
  public @Nullable RawMessage next() {
    if (position == total) {
      return null;
    }
    position++;
    Event event = events.next();
    latest = event.eventTime();
    if (random.nextDouble() >= badRate) {
      return new RawMessage(event.userSession(), RawEnvelope.of(event), RawMessage.EVENT, position);
    }
    BadRows.Kind kind = BadRows.pick(random);
    return new RawMessage(
        event.userSession(),
        BadRows.of(kind, event, random),
        RawMessage.BAD + kind.name().toLowerCase(Locale.ROOT),
        position);
  }

  /** The event time that the stream has reached. */
  public Instant latestEventTime() {
    return latest;
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public long total() {
    return total;
  }

  @Override
  public String place(long number) {
    return "message " + number;
  }

  @Override
  public Remarks remarks() {
    return remarks;
  }

  @Override
  public long lines() {
    return position;
  }

  @Override
  public long headerLines() {
    return 0;
  }

  @Override
  public long blankLines() {
    return 0;
  }

  @Override
  public long refusedLines() {
    return 0;
  }

  @Override
  public void close() {}
}
