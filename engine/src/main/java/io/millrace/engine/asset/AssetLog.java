package io.millrace.engine.asset;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the hub has taken: the last events, a count an asset, and how far each outside log was. */
final class AssetLog {

  /** Events that are remembered for people to look at. */
  static final int MAX_EVENTS = 200;

  /** Assets that are counted, and outside logs; the last that were used. */
  static final int MAX_NAMES = 1_000;

  private final Deque<AssetEvent> events = new ArrayDeque<>();
  private final Map<String, Count> counts = new LinkedHashMap<>();
  private final Map<String, Long> taken = new LinkedHashMap<>();

  /** How many events of an asset there were, and the last. */
  record Count(long events, AssetEvent last) {}

  /** All of it, for the next run of the hub. */
  record State(List<AssetEvent> events, Map<String, Count> counts, Map<String, Long> taken) {}

  void restore(@Nullable State state) {
    if (state != null) {
      events.addAll(state.events());
      counts.putAll(state.counts());
      taken.putAll(state.taken());
    }
  }

  State state() {
    return new State(List.copyOf(events), new LinkedHashMap<>(counts), new LinkedHashMap<>(taken));
  }

  void add(AssetEvent event) {
    events.addLast(event);
    if (events.size() > MAX_EVENTS) {
      events.removeFirst();
    }
    Count before = counts.remove(event.asset());
    counts.put(event.asset(), new Count(before == null ? 1 : before.events() + 1, event));
    forgetOldest(counts);
  }

  /** The records that have not been taken before; from now on they are. */
  List<AssetEvent> take(AssetDelivery delivery) {
    long last = taken.getOrDefault(delivery.log(), -1L);
    List<AssetEvent> fresh = new ArrayList<>();
    for (AssetDelivery.Numbered item : delivery.records()) {
      if (item.offset() > last) {
        fresh.add(item.event());
        last = item.offset();
      }
    }
    taken.remove(delivery.log());
    taken.put(delivery.log(), last);
    forgetOldest(taken);
    return fresh;
  }

  /** The last events, the latest first. */
  List<AssetEvent> latest() {
    List<AssetEvent> latest = new ArrayList<>();
    events.descendingIterator().forEachRemaining(latest::add);
    return latest;
  }

  /** Every asset that was made or is waited for, by name. */
  List<AssetReport> assets(Iterable<AssetSchedule> schedules) {
    Map<String, List<String>> consumers = new TreeMap<>();
    counts.keySet().forEach(asset -> consumers.put(asset, new ArrayList<>()));
    for (AssetSchedule schedule : schedules) {
      Set<String> assets = schedule.condition().assets();
      assets.forEach(
          asset -> consumers.computeIfAbsent(asset, name -> new ArrayList<>()).add(schedule.dag()));
    }
    return consumers.entrySet().stream()
        .map(asset -> report(asset.getKey(), asset.getValue()))
        .toList();
  }

  private AssetReport report(String asset, List<String> dags) {
    Count count = counts.get(asset);
    return count == null
        ? new AssetReport(asset, 0, null, null, dags)
        : new AssetReport(asset, count.events(), count.last().at(), count.last().source(), dags);
  }

  private static void forgetOldest(Map<String, ?> names) {
    if (names.size() > MAX_NAMES) {
      names.remove(names.keySet().iterator().next());
    }
  }
}
