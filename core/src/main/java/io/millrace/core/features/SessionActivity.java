package io.millrace.core.features;

import io.millrace.core.events.Event;
import io.millrace.core.events.EventIdentity;
import io.millrace.core.events.EventTime;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The distinct events of one session so far, small and sorted: {@link ActivityCount} kept up to
 * date event by event.
 *
 * <p>Immutable; 40 bytes an event. The arrays belong together by index and are sorted by time and
 * identity; of an identity the first 128 bits are kept.
 *
 * @param times microseconds since the epoch
 * @param idsHigh the first 64 bits of the identities
 * @param idsLow the next 64
 */
@SuppressWarnings("ArrayRecordComponent") // a state for a stream's memory, compared by nobody
public record SessionActivity(
    long[] times, long[] idsHigh, long[] idsLow, long[] users, long[] products) {

  /**
   * The most events of one session that are counted. Adding one costs time in proportion to those
   * that there are, and a late one changes the counts of all later ones; more of them are a fault
   * of the producer, such as one session for everybody.
   */
  public static final int MAX_EVENTS = 10_000;

  /** A session without an event. */
  public static SessionActivity empty() {
    long[] none = {};
    return new SessionActivity(none, none, none, none, none);
  }

  /** One event of the session. */
  public record Entry(long timeMicros, long idHigh, long idLow, long userId, long productId) {
    /** Takes from an event what is needed to count it. */
    public static Entry of(Event event) {
      ByteBuffer identity = ByteBuffer.wrap(EventIdentity.of(event));
      return new Entry(
          EventTime.toEpochMicros(event.eventTime()),
          identity.getLong(),
          identity.getLong(),
          event.userId(),
          event.productId());
    }

    /** Where its row stands. */
    public OnlineKey key() {
      return new OnlineKey(userId, productId);
    }
  }

  /** An event and the number of the session's events up to and including its time. */
  public record Counted(Entry entry, long activityCount) {
    /** How new a row with this count is. */
    public OnlineVersion version() {
      return new OnlineVersion(
          EventTime.ofEpochMicros(entry.timeMicros),
          HexFormat.of().toHexDigits(entry.idHigh),
          activityCount);
    }
  }

  /**
   * What an event changes.
   *
   * @param session the session with the event
   * @param counted the event's own count
   * @param recounted the events of the same or a later time that now have one more before them, as
   *     far as they are the newest of their user and product in this session
   */
  public record Change(SessionActivity session, Counted counted, List<Counted> recounted) {
    /** Copies the list. */
    public Change {
      recounted = List.copyOf(recounted);
    }
  }

  /** Adds an event; null if it is a duplicate. Runs per message, hence no Optional. */
  public @Nullable Change add(Entry entry) {
    int place = place(entry);
    if (isAt(place, entry)) {
      return null;
    }
    SessionActivity with =
        new SessionActivity(
            insert(times, place, entry.timeMicros),
            insert(idsHigh, place, entry.idHigh),
            insert(idsLow, place, entry.idLow),
            insert(users, place, entry.userId),
            insert(products, place, entry.productId));
    return new Change(
        with, new Counted(entry, with.upTo(entry.timeMicros)), with.notBefore(entry, place));
  }

  /** Whether it takes no more events; see {@link #MAX_EVENTS}. */
  public boolean isFull() {
    return size() >= MAX_EVENTS;
  }

  /** Whether the event is one of the session's. */
  public boolean contains(Entry entry) {
    return isAt(place(entry), entry);
  }

  private boolean isAt(int place, Entry entry) {
    return place < size() && compare(place, entry) == 0;
  }

  /** The number of distinct events. */
  public int size() {
    return times.length;
  }

  private List<Counted> notBefore(Entry entry, int place) {
    boolean newest = place == size() - 1 && (place == 0 || times[place - 1] < entry.timeMicros);
    if (newest) {
      return List.of(); // the usual case
    }
    List<Counted> counted = new ArrayList<>();
    Set<OnlineKey> seen = new HashSet<>();
    for (int i = size() - 1; i >= 0 && times[i] >= entry.timeMicros; i--) {
      Entry other = new Entry(times[i], idsHigh[i], idsLow[i], users[i], products[i]);
      if (seen.add(other.key()) && i != place) {
        counted.add(new Counted(other, upTo(other.timeMicros)));
      }
    }
    return counted;
  }

  /** The number of events whose time is not after the given one. */
  private int upTo(long timeMicros) {
    int low = 0;
    int high = size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (times[middle] > timeMicros) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  /** The first place whose event is not before the given one. */
  private int place(Entry entry) {
    int low = 0;
    int high = size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (compare(middle, entry) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private int compare(int place, Entry entry) {
    int byTime = Long.compare(times[place], entry.timeMicros);
    if (byTime != 0) {
      return byTime;
    }
    int byHigh = Long.compareUnsigned(idsHigh[place], entry.idHigh);
    return byHigh != 0 ? byHigh : Long.compareUnsigned(idsLow[place], entry.idLow);
  }

  private static long[] insert(long[] array, int place, long value) {
    long[] longer = Arrays.copyOf(array, array.length + 1);
    System.arraycopy(array, place, longer, place + 1, array.length - place);
    longer[place] = value;
    return longer;
  }
}
