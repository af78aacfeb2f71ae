package io.millrace.engine.asset;

import io.millrace.engine.asset.AssetMessage.Assignment;
import io.millrace.engine.asset.AssetMessage.Subscriber;
import io.millrace.engine.asset.AssetMessage.Subscribers;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The DAGs that wait for assets, and which of them and of the assets have not been sent what
 * changed. What the server refused stays unsent, and goes with the next declaration.
 */
final class HubConsumers {

  private final Map<String, AssetSchedule> schedules = new TreeMap<>();
  private final AssetOwners owners = new AssetOwners();
  private final Set<String> unsentDags = new TreeSet<>();
  private final Set<String> unsentAssets = new TreeSet<>();
  private long generation;

  /**
   * What it knows beside the schedules.
   *
   * @param unsentDags consumers that do not know yet what they wait for
   * @param unsentAssets assets that do not know yet who waits for them
   */
  record State(
      Map<String, AssetOwner> owners, List<String> unsentDags, List<String> unsentAssets) {}

  /** Opens it; without a state, as after an earlier build, everything is sent once more. */
  void restore(List<AssetSchedule> declared, long generation, @Nullable State state) {
    declared.forEach(schedule -> schedules.put(schedule.dag(), schedule));
    this.generation = generation;
    if (state == null) {
      markAll();
    } else {
      owners.restore(state.owners());
      unsentDags.addAll(state.unsentDags());
      unsentAssets.addAll(state.unsentAssets());
    }
  }

  State state() {
    return new State(owners.all(), List.copyOf(unsentDags), List.copyOf(unsentAssets));
  }

  long generation() {
    return generation;
  }

  Collection<AssetSchedule> schedules() {
    return schedules.values();
  }

  AssetOwners owners() {
    return owners;
  }

  /** The assets that are waited for. */
  Set<String> wanted() {
    Set<String> assets = new TreeSet<>();
    schedules.values().forEach(schedule -> assets.addAll(schedule.condition().assets()));
    return assets;
  }

  /** Takes note that nothing of what is known has been sent. */
  void markAll() {
    unsentDags.addAll(schedules.keySet());
    unsentAssets.addAll(wanted());
  }

  /** Replaces all of all owners, and takes note of the difference. */
  void replace(Collection<AssetSchedule> declared) {
    Map<String, AssetSchedule> after = new TreeMap<>();
    declared.forEach(schedule -> after.put(schedule.dag(), schedule));
    Set<String> dags = new TreeSet<>(schedules.keySet());
    dags.addAll(after.keySet());
    dags.forEach(dag -> markChange(dag, schedules.get(dag), after.get(dag)));
    schedules.clear();
    schedules.putAll(after);
  }

  private void markChange(
      String dag, @Nullable AssetSchedule before, @Nullable AssetSchedule after) {
    if (Objects.equals(before, after)) {
      return;
    }
    unsentDags.add(dag);
    Set<String> lost = assets(before);
    Set<String> gained = assets(after);
    if (before != null && after != null && before.byPartition() == after.byPartition()) {
      // An asset that it waits for before and after lists it as it did.
      Set<String> kept = new TreeSet<>(lost);
      kept.retainAll(gained);
      lost.removeAll(kept);
      gained.removeAll(kept);
    }
    unsentAssets.addAll(lost);
    unsentAssets.addAll(gained);
  }

  private static Set<String> assets(@Nullable AssetSchedule schedule) {
    return schedule == null ? new TreeSet<>() : new TreeSet<>(schedule.condition().assets());
  }

  /**
   * What is to be sent, in this order: first to the consumers, so that each knows what news is
   * about.
   *
   * @param waiting events that the hub held itself, by DAG
   * @param fromStart whether new consumers also get the events that are in the logs already
   * @param now in milliseconds since the epoch: also a hub that begins again, because its workflow
   *     was terminated, has a higher generation than before
   */
  List<AssetMessage> unsent(Map<String, List<AssetEvent>> waiting, boolean fromStart, long now) {
    generation = Math.max(generation + 1, now);
    List<AssetMessage> messages = new ArrayList<>();
    for (String dag : unsentDags) {
      if (!schedules.containsKey(dag)) {
        messages.add(new Assignment(dag, generation, null, List.of()));
      }
    }
    for (AssetSchedule schedule : schedules.values()) {
      if (unsentDags.contains(schedule.dag())) {
        List<AssetEvent> its = waiting.getOrDefault(schedule.dag(), List.of());
        messages.add(new Assignment(schedule.dag(), generation, schedule, its));
      }
    }
    messages.addAll(subscribers(fromStart));
    return messages;
  }

  private List<Subscribers> subscribers(boolean fromStart) {
    Map<String, List<Subscriber>> byAsset = new TreeMap<>();
    unsentAssets.forEach(asset -> byAsset.put(asset, new ArrayList<>()));
    for (AssetSchedule schedule : schedules.values()) {
      Subscriber subscriber = new Subscriber(schedule.dag(), schedule.byPartition(), fromStart);
      for (String asset : schedule.condition().assets()) {
        List<Subscriber> its = byAsset.get(asset);
        if (its != null) {
          its.add(subscriber);
        }
      }
    }
    return byAsset.entrySet().stream()
        .map(asset -> new Subscribers(asset.getKey(), generation, asset.getValue()))
        .toList();
  }

  /** Whether a message says something about a DAG or about an asset that it waits for. */
  static boolean concerns(AssetMessage message, AssetSchedule schedule) {
    return message instanceof Assignment assignment
        ? assignment.dag().equals(schedule.dag())
        : message instanceof Subscribers subscribers
            && schedule.condition().assets().contains(subscribers.asset());
  }

  /**
   * Takes note of what has arrived. A consumer that is gone needs not know: its assets do.
   *
   * @param refused those of the messages that the server refuses
   */
  void sent(List<AssetMessage> messages, List<AssetMessage> refused) {
    for (AssetMessage message : messages) {
      boolean arrived = !refused.contains(message);
      if (message instanceof Assignment assignment && (arrived || assignment.schedule() == null)) {
        unsentDags.remove(assignment.dag());
      } else if (message instanceof Subscribers subscribers && arrived) {
        unsentAssets.remove(subscribers.asset());
      }
    }
  }
}
