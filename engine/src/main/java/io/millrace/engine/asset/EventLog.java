package io.millrace.engine.asset;

import io.millrace.engine.asset.AssetEvent.Earlier;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The events of one asset, numbered from 1. Readers keep their own place in it, so that its size
 * does not depend on how many there are or how far behind they are.
 *
 * <p>The rule for what is kept: the latest {@value #MAX_EVENTS} events, of at most {@value
 * #MAX_EVENT_BYTES} bytes, in full; of older ones each partition with its latest number, of at most
 * {@value #MAX_KEY_BYTES} bytes; of still older ones their number. A reader always learns how many
 * events there were, and which partitions as far as they are kept.
 */
final class EventLog {

  static final int MAX_EVENTS = 2_000;
  static final int MAX_EVENT_BYTES = 250_000;
  static final int MAX_KEY_BYTES = 450_000;

  /** Events that a page has in full. */
  static final int MAX_PAGE = 500;

  private final Deque<LoggedEvent> events = new ArrayDeque<>();
  private final Map<@Nullable String, PartitionKey> folded = new LinkedHashMap<>();
  private long last;
  private long forgottenTo;
  private long eventBytes;
  private long keyBytes;

  /**
   * All of it.
   *
   * @param last the number of the latest event
   * @param folded the partitions of events that are no longer kept, the longest unchanged first
   * @param forgottenTo up to this number partitions may be missing
   */
  record State(long last, List<LoggedEvent> events, List<PartitionKey> folded, long forgottenTo) {}

  void restore(State state) {
    last = state.last();
    forgottenTo = state.forgottenTo();
    state.events().forEach(this::keep);
    state.folded().forEach(this::keep);
  }

  State state() {
    return new State(last, List.copyOf(events), List.copyOf(folded.values()), forgottenTo);
  }

  /** The number of the latest event, 0 if there is none. */
  long last() {
    return last;
  }

  /** The events that are kept in full, the oldest first. */
  Iterable<LoggedEvent> kept() {
    return events;
  }

  @Nullable LoggedEvent latest() {
    return events.peekLast();
  }

  void add(AssetEvent event, long takenAt) {
    keep(new LoggedEvent(++last, takenAt, event));
    while (events.size() > MAX_EVENTS || (eventBytes > MAX_EVENT_BYTES && events.size() > 1)) {
      LoggedEvent oldest = events.removeFirst();
      eventBytes -= JsonSize.of(oldest.event());
      fold(PartitionKey.of(oldest));
    }
  }

  private void keep(LoggedEvent logged) {
    events.addLast(logged);
    eventBytes += JsonSize.of(logged.event());
  }

  private void keep(PartitionKey key) {
    folded.put(key.partition(), key);
    keyBytes += JsonSize.of(key);
  }

  private void fold(PartitionKey key) {
    PartitionKey before = folded.remove(key.partition());
    if (before != null) {
      keyBytes -= JsonSize.of(before);
    }
    keep(before == null ? key : before.and(key));
    Iterator<PartitionKey> oldest = folded.values().iterator();
    while (keyBytes > MAX_KEY_BYTES && folded.size() > 1) {
      PartitionKey forgotten = oldest.next();
      oldest.remove();
      keyBytes -= JsonSize.of(forgotten);
      forgottenTo = Math.max(forgottenTo, forgotten.last());
    }
  }

  /** How many events after a number can no longer be named by partition. */
  long forgottenAfter(long from) {
    return Math.max(0, forgottenTo - from);
  }

  /** The partitions that changed after a number, the one that changed first being the first. */
  List<PartitionKey> keys(long from) {
    Map<@Nullable String, PartitionKey> keys = new LinkedHashMap<>();
    for (PartitionKey key : folded.values()) {
      PartitionKey fresh = key.after(from);
      if (fresh != null) {
        keys.put(key.partition(), fresh);
      }
    }
    for (LoggedEvent logged : events) {
      if (logged.seq() > from) {
        keys.merge(logged.event().partition(), PartitionKey.of(logged), PartitionKey::and);
      }
    }
    return List.copyOf(keys.values());
  }

  /**
   * The events after a number: the latest in full, a quarter of the bytes at most; the first of
   * them stands for the older ones. Together they count each event once.
   */
  List<LoggedEvent> since(long from, int maxBytes) {
    Deque<LoggedEvent> page = new ArrayDeque<>();
    int bytes = 0;
    Iterator<LoggedEvent> latest = events.descendingIterator();
    while (latest.hasNext()) {
      LoggedEvent logged = latest.next();
      bytes += JsonSize.of(logged.event());
      boolean fits = page.isEmpty() || (bytes <= maxBytes / 4 && page.size() < MAX_PAGE);
      if (logged.seq() <= from || !fits) {
        break;
      }
      page.addFirst(logged);
    }
    LoggedEvent first = page.peekFirst();
    if (first != null && first.seq() > from + 1) {
      page.removeFirst();
      Earlier earlier = earlier(from, first.seq(), maxBytes - maxBytes / 4);
      page.addFirst(new LoggedEvent(first.seq(), first.takenAt(), first.event().after(earlier)));
    }
    return List.copyOf(page);
  }

  private Earlier earlier(long from, long before, int maxBytes) {
    Set<String> partitions = new LinkedHashSet<>();
    for (PartitionKey key : folded.values()) {
      if (key.last() > from && key.partition() != null) {
        partitions.add(key.partition());
      }
    }
    for (LoggedEvent logged : events) {
      String partition = logged.event().partition();
      if (logged.seq() > from && logged.seq() < before && partition != null) {
        partitions.add(partition);
      }
    }
    List<String> listed = new ArrayList<>();
    int bytes = 0;
    for (String partition : partitions) {
      bytes += JsonSize.of(partition);
      if (bytes > maxBytes) {
        break;
      }
      listed.add(partition);
    }
    boolean complete = listed.size() == partitions.size() && forgottenAfter(from) == 0;
    return new Earlier(before - 1 - from, listed, complete);
  }

  /**
   * The events of some partitions, as far as they are kept and fit; the first of a partition stands
   * for those that are not. Each partition has at least one.
   */
  List<LoggedEvent> details(String asset, List<PartitionKey> wanted, int maxBytes) {
    Map<@Nullable String, PartitionKey> missing = new LinkedHashMap<>();
    wanted.forEach(key -> missing.put(key.partition(), key));
    Map<@Nullable String, Deque<LoggedEvent>> found = new LinkedHashMap<>();
    int bytes = 0;
    Iterator<LoggedEvent> latest = events.descendingIterator();
    while (latest.hasNext()) {
      LoggedEvent logged = latest.next();
      String partition = logged.event().partition();
      PartitionKey key = missing.get(partition);
      if (key != null && key.covers(logged.seq())) {
        int size = JsonSize.of(logged.event());
        Deque<LoggedEvent> its = found.computeIfAbsent(partition, p -> new ArrayDeque<>());
        if (bytes + size <= maxBytes && its.size() < MAX_PAGE) {
          bytes += size;
          its.addFirst(logged);
        }
      }
    }
    return wanted.stream()
        .flatMap(key -> inFull(asset, key, found.get(key.partition())).stream())
        .toList();
  }

  private static List<LoggedEvent> inFull(
      String asset, PartitionKey key, @Nullable Deque<LoggedEvent> found) {
    List<LoggedEvent> events =
        found == null || found.isEmpty()
            ? new ArrayList<>(
                List.of(new LoggedEvent(key.last(), key.at() * 1_000, key.event(asset))))
            : new ArrayList<>(found);
    LoggedEvent first = events.get(0);
    Earlier earlier = new Earlier(key.events() - events.size(), List.of(), true);
    events.set(0, new LoggedEvent(first.seq(), first.takenAt(), first.event().after(earlier)));
    return events;
  }
}
