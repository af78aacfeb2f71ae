package io.millrace.engine.asset;

import io.millrace.engine.asset.AssetHub.HubState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The events that wait for the rest of what a DAG needs: each is kept until the DAG's condition
 * holds, and consumed by one run of each DAG that waits for it.
 */
final class AssetQueues {

  private final Map<String, AssetSchedule> schedules = new TreeMap<>();
  private final Map<String, List<AssetEvent>> waiting = new TreeMap<>();

  /** A run to start, and the events that are its reason. */
  record Due(AssetSchedule schedule, List<AssetEvent> events) {}

  void restore(HubState state) {
    declare(state.schedules());
    state.waiting().forEach((dag, events) -> waiting.put(dag, new ArrayList<>(events)));
  }

  HubState state() {
    return new HubState(List.copyOf(schedules.values()), new TreeMap<>(waiting));
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
        List<AssetEvent> together = together(schedule, event, queue);
        if (schedule.condition().holds(names(together))) {
          queue.removeAll(together);
          due.add(new Due(schedule, together));
        }
      }
    }
    return due;
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
    return events.stream().map(AssetEvent::asset).collect(Collectors.toSet());
  }
}
