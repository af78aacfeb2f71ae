package io.millrace.engine.asset;

import io.millrace.engine.asset.AssetMessage.Adoption;
import io.millrace.engine.asset.AssetMessage.Emission;
import io.millrace.engine.asset.AssetMessage.News;
import io.millrace.engine.asset.AssetMessage.Page;
import io.millrace.engine.asset.AssetMessage.Read;
import io.millrace.engine.asset.AssetMessage.Subscriber;
import io.millrace.engine.asset.AssetMessage.Subscribers;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All that is known of one asset: its log, who waits for it and how far each was told, and how far
 * each outside source was taken.
 *
 * <p>A consumer that does not ask for partitions is told once that there is something new, and
 * again only after it has read: what it costs does not grow with the events that wait.
 */
final class AssetLedger {

  /** Events that are shown to people. */
  static final int MAX_SHOWN = 200;

  /** Outside logs whose positions are kept, those heard of last. */
  static final int MAX_POSITIONS = 1_000;

  static final int MAX_POSITION_BYTES = 100_000;

  private final String asset;
  private final EventLog log = new EventLog();
  private final Map<String, Place> places = new LinkedHashMap<>();
  private final Map<String, Long> taken = new LinkedHashMap<>();
  private final Deque<Read> reads = new ArrayDeque<>();
  private final List<Emission> early = new ArrayList<>();
  private String logId;
  private long generation;
  private int takenBytes;
  private @Nullable Adoption adopted;

  /**
   * How far a consumer was told.
   *
   * @param to the number of the last event
   * @param isIdle whether it is to be told of the next; only for one without partitions
   */
  record Place(boolean byPartition, long to, boolean isIdle) {
    boolean isDue(long last) {
      return to < last && (byPartition || isIdle);
    }
  }

  AssetLedger(String asset, String logId) {
    this.asset = asset;
    this.logId = logId;
  }

  void restore(AssetState state) {
    logId = state.logId();
    log.restore(state.log());
    generation = state.generation();
    places.putAll(state.places());
    state.taken().forEach(this::taken);
    adopted = state.adopted();
  }

  AssetState state() {
    return new AssetState(
        logId,
        log.state(),
        generation,
        new LinkedHashMap<>(places),
        new LinkedHashMap<>(taken),
        adopted);
  }

  /** Takes the events that it has not taken before; while it is not adopted, later. */
  void take(Emission emission, long now) {
    if (!isAdopted()) {
      early.add(emission);
      return;
    }
    String source = emission.log();
    long position = source == null ? -1 : taken.getOrDefault(source, -1L);
    for (AssetDelivery.Numbered numbered : emission.records()) {
      if (source == null || numbered.offset() > position) {
        log.add(numbered.event(), now);
        position = numbered.offset();
      }
    }
    if (source != null) {
      taken(source, position);
    }
  }

  private void taken(String source, long position) {
    if (taken.remove(source) != null) {
      takenBytes -= positionSize(source);
    }
    taken.put(source, position);
    takenBytes += positionSize(source);
    while (taken.size() > MAX_POSITIONS || (takenBytes > MAX_POSITION_BYTES && taken.size() > 1)) {
      String oldest = taken.keySet().iterator().next();
      taken.remove(oldest);
      takenBytes -= positionSize(oldest);
    }
  }

  private static int positionSize(String source) {
    return JsonSize.of(source) + Long.toString(Long.MAX_VALUE).length();
  }

  /**
   * Replaces those who wait; one who waited before keeps its place. The hub sends it only after
   * what it hands over, if there is anything.
   */
  void subscribe(Subscribers subscribers, long now) {
    adopt(new Adoption(asset, 0, null, List.of(), Map.of()), now);
    if (subscribers.generation() < generation) {
      return;
    }
    generation = subscribers.generation();
    Set<String> names = new HashSet<>();
    for (Subscriber subscriber : subscribers.all()) {
      names.add(subscriber.dag());
      Place before = places.get(subscriber.dag());
      if (before == null || before.byPartition() != subscriber.byPartition()) {
        long from = subscriber.fromStart() && before == null ? 0 : log.last();
        places.put(subscriber.dag(), new Place(subscriber.byPartition(), from, true));
      }
    }
    places.keySet().retainAll(names);
  }

  /** Whether the hub has handed over what it knew. */
  boolean isAdopted() {
    return adopted != null;
  }

  /** Takes what the hub knew before, once, and then what has come meanwhile. */
  void adopt(Adoption adoption, long now) {
    if (adopted != null) {
      return;
    }
    adoption.taken().forEach((source, at) -> taken(source, Math.max(at, position(source))));
    adopted =
        new Adoption(
            adoption.asset(), adoption.events(), adoption.last(), adoption.shown(), Map.of());
    early.forEach(emission -> take(emission, now));
    early.clear();
  }

  private long position(String source) {
    return taken.getOrDefault(source, -1L);
  }

  boolean isWanted() {
    return !places.isEmpty();
  }

  /** Takes note of who wants to read. */
  void read(Read read) {
    reads.add(read);
  }

  /** The answer; a consumer that has read is told of the next event again. */
  private Page page(Read read) {
    List<LoggedEvent> events =
        read.partitions().isEmpty()
            ? log.since(read.from(), read.bytes())
            : log.details(asset, read.partitions(), read.bytes());
    Place place = places.get(read.dag());
    if (place != null && !place.byPartition()) {
      places.put(read.dag(), new Place(false, log.last(), true));
    }
    return new Page(asset, read.dag(), read.ticket(), log.last(), events);
  }

  /** Whether somebody waits for an answer, which is not part of the state. */
  boolean hasAnswers() {
    return !reads.isEmpty();
  }

  boolean hasMessages() {
    return hasAnswers() || places.values().stream().anyMatch(place -> place.isDue(log.last()));
  }

  /**
   * Takes out some of what is to be sent: answers first, then news, each consumer in turn.
   *
   * @param max messages at most
   * @param maxBytes of all of them together, but for the last
   */
  List<AssetMessage> messages(int max, int maxBytes) {
    List<AssetMessage> messages = new ArrayList<>();
    long bytes = 0;
    while (!reads.isEmpty() && messages.size() < max && bytes < maxBytes) {
      Page page = page(reads.remove());
      bytes += page.events().stream().mapToLong(logged -> JsonSize.of(logged.event())).sum();
      messages.add(page);
    }
    Map<Long, List<PartitionKey>> keys = new HashMap<>();
    for (String dag : List.copyOf(places.keySet())) {
      if (messages.size() >= max || bytes >= maxBytes) {
        break;
      }
      Place place = places.get(dag);
      if (place != null && place.isDue(log.last())) {
        News news = news(dag, place, keys);
        bytes += news.keys().stream().mapToLong(JsonSize::of).sum();
        places.remove(dag);
        places.put(dag, new Place(place.byPartition(), log.last(), false));
        messages.add(news);
      }
    }
    return messages;
  }

  private News news(String dag, Place place, Map<Long, List<PartitionKey>> keys) {
    return place.byPartition()
        ? new News(
            asset,
            dag,
            logId,
            place.to(),
            log.last(),
            keys.computeIfAbsent(place.to(), log::keys),
            log.forgottenAfter(place.to()))
        : new News(asset, dag, logId, place.to(), log.last(), List.of(), 0);
  }

  /** News that did not arrive is told again; who reads asks again. */
  void refused(List<AssetMessage> refused) {
    for (AssetMessage message : refused) {
      if (message instanceof News news) {
        Place place = places.get(news.dag());
        if (place != null) {
          places.put(news.dag(), new Place(place.byPartition(), news.from(), true));
        }
      }
    }
  }

  AssetReport report() {
    LoggedEvent latest = log.latest();
    AssetEvent last = latest != null ? latest.event() : adopted == null ? null : adopted.last();
    return new AssetReport(
        asset,
        log.last() + (adopted == null ? 0 : adopted.events()),
        last == null ? null : last.at(),
        last == null ? null : last.source(),
        List.copyOf(places.keySet()));
  }

  /** The last events, the latest first. */
  List<LoggedEvent> shown() {
    Deque<LoggedEvent> latest = new ArrayDeque<>();
    if (adopted != null) {
      long at = 0;
      for (AssetEvent event : adopted.shown()) {
        latest.addFirst(new LoggedEvent(0, ++at, event));
      }
    }
    log.kept().forEach(latest::addFirst);
    return latest.stream().limit(MAX_SHOWN).toList();
  }

  List<LoggedEvent> since(long from, int bytes) {
    return log.since(from, bytes);
  }

  List<LoggedEvent> details(List<PartitionKey> partitions, int bytes) {
    return log.details(asset, partitions, bytes);
  }

  /** For people who look at the workflow. */
  String markdown() {
    AssetReport report = report();
    return "### Asset %s%n%n%d events, the last at %s by %s%n%nwaited for by %s%n"
        .formatted(
            asset, report.events(), report.lastAt(), report.lastSource(), report.consumers());
  }
}
