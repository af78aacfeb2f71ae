package io.millrace.engine.asset;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The partitions that wait for the rest of what a consumer needs, by asset. At most {@value
 * #MAX_BYTES} bytes: beyond, the partition of the fullest asset that waited longest is given up,
 * and counted.
 */
final class PartitionQueue {

  static final int MAX_BYTES = 600_000;

  private final Map<String, Map<@Nullable String, PartitionKey>> waiting = new TreeMap<>();
  private final Map<String, Integer> bytes = new TreeMap<>();
  private int total;

  Map<String, List<PartitionKey>> state() {
    Map<String, List<PartitionKey>> state = new TreeMap<>();
    waiting.forEach((asset, keys) -> state.put(asset, List.copyOf(keys.values())));
    return state;
  }

  /**
   * Adds events.
   *
   * @return what is given up for it
   */
  List<PartitionKey> add(String asset, PartitionKey key) {
    Map<@Nullable String, PartitionKey> keys =
        waiting.computeIfAbsent(asset, name -> new LinkedHashMap<>());
    PartitionKey before = keys.get(key.partition());
    PartitionKey now = before == null ? key : before.and(key);
    keys.put(key.partition(), now);
    count(asset, JsonSize.of(now) - (before == null ? 0 : JsonSize.of(before)));
    List<PartitionKey> givenUp = new ArrayList<>();
    while (total > MAX_BYTES) {
      givenUp.add(removeOldest());
    }
    return givenUp;
  }

  private PartitionKey removeOldest() {
    String fullest =
        bytes.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow().getKey();
    Iterator<PartitionKey> keys = waiting.getOrDefault(fullest, Map.of()).values().iterator();
    PartitionKey oldest = keys.next();
    keys.remove();
    count(fullest, -JsonSize.of(oldest));
    return oldest;
  }

  private void count(String asset, int more) {
    bytes.merge(asset, more, Integer::sum);
    total += more;
  }

  /** The assets of which a partition waits. */
  Set<String> assets(@Nullable String partition) {
    Set<String> assets = new LinkedHashSet<>();
    waiting.forEach(
        (asset, keys) -> {
          if (keys.containsKey(partition)) {
            assets.add(asset);
          }
        });
    return assets;
  }

  /** The assets of which any partition waits. */
  Set<String> assets() {
    Set<String> assets = new LinkedHashSet<>();
    waiting.forEach(
        (asset, keys) -> {
          if (!keys.isEmpty()) {
            assets.add(asset);
          }
        });
    return assets;
  }

  /** Every partition that waits. */
  Set<@Nullable String> partitions() {
    Set<@Nullable String> all = new LinkedHashSet<>();
    waiting.values().forEach(keys -> all.addAll(keys.keySet()));
    return all;
  }

  /** Takes out a partition, by asset. */
  Map<String, PartitionKey> remove(@Nullable String partition) {
    Map<String, PartitionKey> removed = new TreeMap<>();
    waiting.forEach(
        (asset, keys) -> {
          PartitionKey key = keys.remove(partition);
          if (key != null) {
            removed.put(asset, key);
            count(asset, -JsonSize.of(key));
          }
        });
    return removed;
  }

  void retainAssets(Set<String> assets) {
    waiting.keySet().retainAll(assets);
    bytes.keySet().retainAll(assets);
    total = bytes.values().stream().mapToInt(Integer::intValue).sum();
  }
}
