package io.millrace.engine.asset;

import io.millrace.engine.asset.AssetHub.HubState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The events that wait for the rest of what a DAG needs: each is kept until the DAG's condition
 * holds, and consumed by one run of each DAG that waits for it.
 */
final class AssetQueues {

  /** Events that wait for one DAG at most. */
  static final int MAX_WAITING = 500;

  private final Map<String, AssetSchedule> schedules = new TreeMap<>();
  private final Map<String, List<AssetEvent>> waiting = new TreeMap<>();

  /** A run to start, and the events that are its reason. */
  record Due(AssetSchedule schedule, List<AssetEvent> events) {}

  void restore(HubState state) {
    declare(state.schedules());
    state.waiting().forEach((dag, events) -> waiting.put(dag, new ArrayList<>(events)));
  }

  Collection<AssetSchedule> schedules() {
    return schedules.values();
  }

  /** The events that wait, by DAG. */
  Map<String, List<AssetEvent>> waiting() {
    return waiting;
  }

  /** Replaces what is declared; what waits for a DAG that is no longer declared is forgotten. */
  void declare(List<AssetSchedule> declared) {
    schedules.clear();
    declared.forEach(schedule -> schedules.put(schedule.dag(), schedule));
    waiting.keySet().retainAll(schedules.keySet());
  }

  /** Takes an event; returns the runs that can start now. */
  List<Due> add(AssetEvent event) {
    List<Due> due = new ArrayList<>();
    for (AssetSchedule schedule : schedules.values()) {
      if (schedule.condition().assets().contains(event.asset())) {
        List<AssetEvent> queue = waiting.computeIfAbsent(schedule.dag(), dag -> new ArrayList<>());
        queue.add(event);
        forgetOldest(queue);
        List<AssetEvent> together = together(schedule, event, queue);
        if (schedule.condition().holds(names(together))) {
          queue.removeAll(together);
          due.add(new Due(schedule, together));
        }
      }
    }
    return due;
  }

  /**
   * Of an asset that is made on and on while another is not, the oldest event goes: the hub must
   * stay small. An asset always keeps its last.
   */
  private static void forgetOldest(List<AssetEvent> queue) {
    if (queue.size() > MAX_WAITING) {
      queue.stream()
          .filter(event -> queue.stream().filter(other -> isOfSame(event, other)).count() > 1)
          .findFirst()
          .or(() -> queue.stream().findFirst())
          .ifPresent(queue::remove);
    }
  }

  private static boolean isOfSame(AssetEvent event, AssetEvent other) {
    return event.asset().equals(other.asset())
        && Objects.equals(event.partition(), other.partition());
  }

  private static List<AssetEvent> together(
      AssetSchedule schedule, AssetEvent event, List<AssetEvent> queue) {
    return queue.stream()
        .filter(
            other ->
                !schedule.byPartition() || Objects.equals(other.partition(), event.partition()))
        .toList();
  }

  private static Set<String> names(List<AssetEvent> events) {
    return events.stream().map(AssetEvent::asset).collect(Collectors.toCollection(TreeSet::new));
  }
}
