package io.millrace.engine.asset;

import static java.util.Objects.requireNonNull;

import io.millrace.engine.asset.AssetMessage.Adoption;
import io.millrace.engine.asset.AssetMessage.Emission;
import io.millrace.engine.asset.AssetMessage.News;
import io.millrace.engine.asset.AssetMessage.Page;
import io.millrace.engine.asset.AssetMessage.Read;
import io.millrace.engine.asset.AssetMessage.Subscribers;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that is known of one asset: its log, who waits for it and how far each was notified, and how
 * far each outside source was taken.
 */
final class AssetLedger {

  /** Events that are shown to people. */
  static final int MAX_SHOWN = 200;

  private final String asset;
  private final EventLog log = new EventLog();
  private final AssetReaders readers;
  private final SourcePositions positions = new SourcePositions();
  private final Deque<Read> reads = new ArrayDeque<>();
  private final List<Emission> early = new ArrayList<>();
  private String logId;
  private @Nullable Adoption adopted;

  AssetLedger(String asset, String logId) {
    this.asset = asset;
    this.logId = logId;
    this.readers = new AssetReaders(asset, log);
  }

  void restore(AssetState state) {
    logId = state.logId();
    log.restore(state.log());
    readers.restore(state.generation(), state.places());
    state.taken().forEach(positions::put);
    adopted = state.adopted();
  }

  AssetState state() {
    return new AssetState(
        logId, log.state(), readers.generation(), readers.places(), positions.state(), adopted);
  }

  /**
   * Takes the events that it has not taken before; while it is not adopted, later.
   *
   * @throws NullPointerException if one lacks its source or time; none has been taken then
   */
  void take(Emission emission, long now) {
    for (AssetDelivery.Numbered numbered : emission.records()) {
      requireNonNull(numbered.event(), "An emission must have an event in each record");
      requireNonNull(numbered.event().source(), "An event must have a source");
      requireNonNull(numbered.event().at(), "An event must have a time");
    }
    if (!isAdopted()) {
      early.add(emission);
      return;
    }
    String source = emission.log();
    long position = source == null ? -1 : positions.of(source);
    for (AssetDelivery.Numbered numbered : emission.records()) {
      if (source == null || numbered.offset() > position) {
        log.add(numbered.event(), now);
        position = numbered.offset();
      }
    }
    if (source != null) {
      positions.put(source, position);
    }
  }

  /**
   * Replaces those who wait; one who waited before keeps its place. The hub sends it only after
   * what it hands over, if there is anything.
   */
  void subscribe(Subscribers subscribers, long now) {
    adopt(new Adoption(asset, 0, null, List.of(), Map.of()), now);
    readers.replace(subscribers);
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
    adoption
        .taken()
        .forEach((source, at) -> positions.put(source, Math.max(at, positions.of(source))));
    adopted =
        new Adoption(
            adoption.asset(), adoption.events(), adoption.last(), adoption.shown(), Map.of());
    early.forEach(emission -> take(emission, now));
    early.clear();
  }

  boolean isWanted() {
    return !readers.isEmpty();
  }

  /** Takes note of who wants to read. */
  void read(Read read) {
    reads.add(read);
  }

  /** The answer to who wants to read. */
  private Page page(Read read) {
    List<LoggedEvent> events =
        read.partitions().isEmpty()
            ? log.since(read.from(), read.bytes())
            : log.details(asset, read.partitions(), read.bytes());
    readers.hasRead(read.dag());
    return new Page(asset, read.dag(), read.ticket(), log.last(), events);
  }

  /** Whether a reader waits for an answer, which is not part of the state. */
  boolean hasAnswers() {
    return !reads.isEmpty();
  }

  boolean hasMessages() {
    return hasAnswers() || readers.hasNews();
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
    readers.news(logId, max - messages.size(), maxBytes - bytes, messages::add);
    return messages;
  }

  /** News that did not arrive is sent again; who reads asks again. */
  void refused(List<AssetMessage> refused) {
    for (AssetMessage message : refused) {
      if (message instanceof News news) {
        readers.refused(news);
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
        readers.dags());
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
