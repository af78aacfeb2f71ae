package io.millrace.engine.asset;

import io.millrace.engine.asset.AssetHub.HubState;
import io.millrace.engine.asset.AssetMessage.Adoption;
import io.millrace.engine.asset.AssetMessage.Emission;
import io.millrace.engine.asset.AssetMessage.Retirement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The names of assets, and the DAGs that wait for them; says what has to be sent to whom. Of assets
 * without consumers the last that were used are kept.
 */
final class HubRegister {

  /** Names of assets without consumers, and their bytes. */
  static final int MAX_NAMES = 1_000;

  static final int MAX_NAME_BYTES = 200_000;

  /** Events of one message to an asset. */
  private static final int AT_ONCE = 100;

  /** Of what the hub showed before, so many events are handed over with each asset. */
  static final int SHOWN = 50;

  private final HubConsumers consumers = new HubConsumers();
  private final Set<String> names = new LinkedHashSet<>();
  private final List<AssetMessage> forward = new ArrayList<>();
  private long forwarded;
  private int nameBytes;

  /**
   * What it knows beside the schedules.
   *
   * @param generation of the schedules: higher each time that something is sent
   * @param names the last that were used at the end
   * @param forwarded events that were passed on for runs of earlier builds
   * @param consumers what else is known of them, or null if an earlier build has written this
   */
  record State(
      long generation, List<String> names, long forwarded, HubConsumers.@Nullable State consumers) {

    /** Of a hub that has just begun. */
    static final State FIRST =
        new State(0, List.of(), 0, new HubConsumers.State(Map.of(), List.of(), List.of()));
  }

  void restore(List<AssetSchedule> declared, State state) {
    consumers.restore(declared, state.generation(), state.consumers());
    forwarded = state.forwarded();
    state.names().forEach(this::introduce);
  }

  HubState state() {
    return new HubState(
        List.copyOf(consumers.schedules()),
        Map.of(),
        null,
        new State(consumers.generation(), List.copyOf(names), forwarded, consumers.state()));
  }

  Collection<AssetSchedule> schedules() {
    return consumers.schedules();
  }

  AssetOwners owners() {
    return consumers.owners();
  }

  /** Every asset that was made or is waited for. */
  Set<String> names() {
    Set<String> all = new TreeSet<>(names);
    all.addAll(consumers.wanted());
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
      if (!consumers.wanted().contains(oldest)) {
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
   * Replaces the DAGs of an owner that wait.
   *
   * @return what to send: only what changed
   */
  List<AssetMessage> declare(AssetDeclaration declaration, long now) {
    Set<String> before = consumers.wanted();
    consumers.replace(consumers.owners().replace(declaration, consumers.schedules()));
    before.removeAll(consumers.wanted());
    before.forEach(this::introduce);
    return consumers.unsent(Map.of(), false, now);
  }

  /** The same for a client of an earlier build: everything is sent, as that build did. */
  List<AssetMessage> declareUnowned(List<AssetSchedule> declared, long now) {
    Set<String> before = consumers.wanted();
    consumers.markAll();
    consumers.replace(consumers.owners().replaceUnowned(declared, consumers.schedules()));
    before.forEach(this::introduce);
    consumers.markAll();
    return consumers.unsent(Map.of(), false, now);
  }

  /** Takes note of what has arrived; what is refused goes with the next declaration. */
  void sent(List<AssetMessage> messages, List<AssetMessage> refused) {
    consumers.sent(messages, refused);
  }

  /** What hands over the state of a hub that held everything itself. */
  List<AssetMessage> handOver(HubState state, long now) {
    List<AssetMessage> messages = new ArrayList<>();
    AssetLog.State log = state.log();
    if (log != null) {
      log.counts().keySet().forEach(this::introduce);
      Set<String> assets = names();
      log.events().forEach(event -> assets.add(event.asset()));
      assets.forEach(asset -> messages.add(adoption(asset, log)));
    }
    consumers.markAll();
    messages.addAll(consumers.unsent(state.waiting(), true, now));
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
}
