package io.millrace.engine.pool;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What waits in a pool: by priority, then in the order of arrival. */
final class PoolQueue {

  /** Priorities are 1 (first) to this (last). */
  static final int PRIORITIES = 5;

  private final List<Map<String, PoolEntry>> lines = new ArrayList<>();

  PoolQueue() {
    for (int priority = 1; priority <= PRIORITIES; priority++) {
      lines.add(new LinkedHashMap<>());
    }
  }

  /** Adds an entry to the end of its line, or puts it in the place of the one with its id. */
  void put(PoolEntry entry) {
    lines.get(entry.request().priority() - 1).put(entry.leaseId(), entry);
  }

  @Nullable PoolEntry find(String leaseId) {
    return lines.stream()
        .filter(line -> line.containsKey(leaseId))
        .findFirst()
        .map(line -> line.get(leaseId))
        .orElse(null);
  }

  void remove(String leaseId) {
    lines.forEach(line -> line.remove(leaseId));
  }

  void removeIf(Predicate<PoolEntry> unwanted) {
    lines.forEach(line -> line.values().removeIf(unwanted));
  }

  /** The next in line, or null if nothing waits. */
  @Nullable PoolEntry next() {
    return lines.stream().flatMap(line -> line.values().stream().limit(1)).findFirst().orElse(null);
  }

  /** All, the next first. */
  List<PoolEntry> all() {
    return lines.stream().flatMap(line -> line.values().stream()).toList();
  }

  int size() {
    return lines.stream().mapToInt(Map::size).sum();
  }
}
