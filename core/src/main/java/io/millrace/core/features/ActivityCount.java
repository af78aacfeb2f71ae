package io.millrace.core.features;

import io.millrace.core.events.Event;
import io.millrace.core.events.EventIdentity;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How active a session has been when an event happens: the number of its distinct events up to and
 * including that time.
 *
 * <p>Events are distinct by {@link EventIdentity}. Events of the same time count each other, so
 * that the count depends neither on the order of arrival nor on duplicates. In SQL, over rows that
 * are distinct already: {@code count(*) over (partition by user_session order by event_time)},
 * whose default frame is RANGE.
 */
public final class ActivityCount {
  private ActivityCount() {}

  /**
   * The counts of a session's events.
   *
   * @param session the events of one session, in any order; duplicates allowed
   * @return one count for each event, in the order given
   * @throws IllegalArgumentException if the events belong to different sessions
   */
  public static long[] of(List<Event> session) {
    Instant[] times = distinctTimes(session);
    return session.stream().mapToLong(event -> upTo(times, event.eventTime())).toArray();
  }

  /** The number of distinct events of a session at a moment, which need not be an event's own. */
  public static long at(Instant time, Collection<Event> session) {
    return upTo(distinctTimes(session), time);
  }

  private static Instant[] distinctTimes(Collection<Event> session) {
    Map<String, Instant> distinct = new HashMap<>();
    String name = null;
    for (Event event : session) {
      if (name != null && !name.equals(event.userSession())) {
        throw new IllegalArgumentException(
            "Events of sessions " + name + " and " + event.userSession() + " are mixed");
      }
      name = event.userSession();
      distinct.put(EventIdentity.hex(event), event.eventTime());
    }
    Instant[] times = distinct.values().toArray(Instant[]::new);
    Arrays.sort(times);
    return times;
  }

  /** The number of sorted times that are not after the given one. */
  private static int upTo(Instant[] times, Instant time) {
    int low = 0;
    int high = times.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (times[middle].isAfter(time)) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }
}
