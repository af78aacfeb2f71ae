package io.millrace.engine.asset;

import io.millrace.engine.asset.AssetHub.HubState;
import io.millrace.engine.asset.AssetMessage.Adoption;
import io.millrace.engine.asset.AssetMessage.Assignment;
import io.millrace.engine.asset.AssetMessage.Emission;
import io.millrace.engine.asset.AssetMessage.Retirement;
import io.millrace.engine.asset.AssetMessage.Subscriber;
import io.millrace.engine.asset.AssetMessage.Subscribers;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The names of assets, and the DAGs that wait for them; says what has to be sent to whom. Of assets
 * for which nobody waits those that were heard of last are kept.
 */
final class HubRegister {

  /** Names of assets for which nobody waits, and their bytes. */
  static final int MAX_NAMES = 1_000;

  static final int MAX_NAME_BYTES = 200_000;

  /** Events of one message to an asset. */
  private static final int AT_ONCE = 100;

  /** Of what the hub showed before, so many events are handed over with each asset. */
  static final int SHOWN = 50;

  private final Map<String, AssetSchedule> schedules = new TreeMap<>();
  private final Set<String> names = new LinkedHashSet<>();
  private final List<AssetMessage> forward = new ArrayList<>();
  private long generation;
  private long forwarded;
  private int nameBytes;

  /**
   * What it knows beside the schedules.
   *
   * @param generation of the schedules: how often they were replaced
   * @param names those heard of last at the end
   * @param forwarded events that were passed on for runs of earlier builds
   */
  record State(long generation, List<String> names, long forwarded) {}

  void restore(List<AssetSchedule> declared, State state) {
    declared.forEach(schedule -> schedules.put(schedule.dag(), schedule));
    generation = state.generation();
    forwarded = state.forwarded();
    state.names().forEach(this::introduce);
  }

  HubState state() {
    return new HubState(
        List.copyOf(schedules.values()),
        Map.of(),
        null,
        new State(generation, List.copyOf(names), forwarded));
  }

  Collection<AssetSchedule> schedules() {
    return schedules.values();
  }

  /** Every asset that was made or is waited for. */
  Set<String> names() {
    Set<String> all = new TreeSet<>(names);
    all.addAll(wanted(schedules.values()));
    return all;
  }

  void introduce(String asset) {
    if (names.remove(asset)) {
      nameBytes -= JsonSize.of(asset);
    }
    names.add(asset);
    nameBytes += JsonSize.of(asset);
    while (names.size() > MAX_NAMES || (nameBytes > MAX_NAME_BYTES && names.size() > 1)) {
      String oldest = names.iterator().next();
      names.remove(oldest);
      nameBytes -= JsonSize.of(oldest);
      if (!wanted(schedules.values()).contains(oldest)) {
        forward.add(new Retirement(oldest));
      }
    }
  }

  /** Tells a new asset that there is nothing to hand over. */
  void welcome(String asset) {
    forward.add(new Adoption(asset, 0, null, List.of(), Map.of()));
  }

  /** Passes an event on; numbered, so that it counts once if it is sent twice. */
  void forward(AssetEvent event) {
    List<AssetDelivery.Numbered> records = new ArrayList<>();
    AssetMessage last = forward.isEmpty() ? null : forward.get(forward.size() - 1);
    if (last instanceof Emission emission
        && emission.asset().equals(event.asset())
        && AssetHub.ID.equals(emission.log())
        && emission.records().size() < AT_ONCE) {
      records.addAll(emission.records());
      forward.remove(forward.size() - 1);
    }
    records.add(new AssetDelivery.Numbered(forwarded++, event));
    forward.add(new Emission(event.asset(), AssetHub.ID, records));
  }

  void forward(AssetDelivery delivery) {
    forward.addAll(emissions(delivery));
  }

  /** By asset, the order kept. */
  static List<Emission> emissions(AssetDelivery delivery) {
    Map<String, List<AssetDelivery.Numbered>> byAsset = new LinkedHashMap<>();
    delivery
        .records()
        .forEach(
            record ->
                byAsset
                    .computeIfAbsent(record.event().asset(), asset -> new ArrayList<>())
                    .add(record));
    return byAsset.entrySet().stream()
        .map(asset -> new Emission(asset.getKey(), delivery.log(), asset.getValue()))
        .toList();
  }

  boolean hasForward() {
    return !forward.isEmpty();
  }

  List<AssetMessage> takeForward() {
    List<AssetMessage> messages = List.copyOf(forward);
    forward.clear();
    return messages;
  }

  /**
   * Replaces the DAGs that wait.
   *
   * @return what to send: first to the consumers, so that each knows what news is about
   */
  List<AssetMessage> declare(List<AssetSchedule> declared) {
    generation++;
    Set<String> gone = new TreeSet<>(schedules.keySet());
    Set<String> assets = new TreeSet<>(wanted(schedules.values()));
    schedules.clear();
    declared.forEach(schedule -> schedules.put(schedule.dag(), schedule));
    gone.removeAll(schedules.keySet());
    assets.forEach(this::introduce);
    assets.addAll(wanted(schedules.values()));
    List<AssetMessage> messages = new ArrayList<>();
    gone.forEach(dag -> messages.add(new Assignment(dag, generation, null, List.of())));
    messages.addAll(assignments(Map.of()));
    messages.addAll(subscribers(assets, false));
    return messages;
  }

  /** What hands over the state of a hub that held everything itself. */
  List<AssetMessage> handOver(HubState state) {
    generation++;
    state.schedules().forEach(schedule -> schedules.put(schedule.dag(), schedule));
    List<AssetMessage> messages = new ArrayList<>();
    AssetLog.State log = state.log();
    if (log != null) {
      log.counts().keySet().forEach(this::introduce);
      Set<String> assets = names();
      log.events().forEach(event -> assets.add(event.asset()));
      assets.forEach(asset -> messages.add(adoption(asset, log)));
    }
    messages.addAll(assignments(state.waiting()));
    messages.addAll(subscribers(wanted(schedules.values()), true));
    return messages;
  }

  private static Adoption adoption(String asset, AssetLog.State log) {
    AssetLog.Count count = log.counts().get(asset);
    List<AssetEvent> events =
        log.events().stream().filter(event -> event.asset().equals(asset)).toList();
    return new Adoption(
        asset,
        count == null ? events.size() : count.events(),
        count == null ? null : count.last(),
        events.subList(Math.max(0, events.size() - SHOWN), events.size()),
        log.taken());
  }

  private List<Assignment> assignments(Map<String, List<AssetEvent>> waiting) {
    return schedules.values().stream()
        .map(
            schedule ->
                new Assignment(
                    schedule.dag(),
                    generation,
                    schedule,
                    waiting.getOrDefault(schedule.dag(), List.of())))
        .toList();
  }

  private List<Subscribers> subscribers(Set<String> assets, boolean fromStart) {
    Map<String, List<Subscriber>> byAsset = new TreeMap<>();
    assets.forEach(asset -> byAsset.put(asset, new ArrayList<>()));
    for (AssetSchedule schedule : schedules.values()) {
      Subscriber subscriber = new Subscriber(schedule.dag(), schedule.byPartition(), fromStart);
      schedule
          .condition()
          .assets()
          .forEach(asset -> byAsset.computeIfAbsent(asset, a -> new ArrayList<>()).add(subscriber));
    }
    return byAsset.entrySet().stream()
        .map(asset -> new Subscribers(asset.getKey(), generation, asset.getValue()))
        .toList();
  }

  private static Set<String> wanted(Collection<AssetSchedule> schedules) {
    Set<String> assets = new TreeSet<>();
    schedules.forEach(schedule -> assets.addAll(schedule.condition().assets()));
    return assets;
  }
}
