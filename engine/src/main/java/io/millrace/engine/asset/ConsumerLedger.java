package io.millrace.engine.asset;

import static java.util.Objects.requireNonNull;

import io.millrace.engine.asset.AssetMessage.Assignment;
import io.millrace.engine.asset.AssetMessage.News;
import io.millrace.engine.asset.AssetMessage.Page;
import io.millrace.engine.asset.AssetMessage.Read;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What one DAG waits for and how far it has read each asset: a run is due when the condition holds
 * for the events after that place, and consumes them all, as in Airflow. Events themselves stay
 * with their asset until a run needs them.
 */
final class ConsumerLedger {

  /** A run's triggering events, all assets together. */
  static final int MAX_RUN_BYTES = 600_000;

  /** Partitions that are taken together. */
  static final int PARTITIONS_AT_ONCE = 50;

  private final String dag;
  private final Map<String, Place> places = new TreeMap<>();
  private final PartitionQueue queue = new PartitionQueue();
  private final AdoptedEvents adopted = new AdoptedEvents();
  private final Set<@Nullable String> due = new LinkedHashSet<>();
  private @Nullable AssetSchedule schedule;
  private long generation = -1;
  private long runs;
  private long tickets;
  private long givenUp;
  private @Nullable String lastGivenUp;

  /**
   * How far an asset was read.
   *
   * @param log names its log
   * @param readTo the number of the last event that was read
   * @param last the number of the latest that is known of
   */
  record Place(String log, long readTo, long last) {}

  /** A run to start, and the events that are its reason. */
  record Run(AssetSchedule schedule, long number, List<AssetEvent> events) {}

  ConsumerLedger(String dag) {
    this.dag = dag;
  }

  void restore(ConsumerState state) {
    schedule = state.schedule();
    generation = state.generation();
    places.putAll(state.places());
    state.queue().forEach((asset, keys) -> keys.forEach(key -> queue.add(asset, key)));
    adopted.restore(state.adopted(), state.hasAdopted());
    runs = state.runs();
    tickets = state.tickets();
    givenUp = state.givenUp();
    lastGivenUp = state.lastGivenUp();
    lookAtAll();
  }

  ConsumerState state() {
    return new ConsumerState(
        schedule,
        generation,
        new TreeMap<>(places),
        queue.state(),
        adopted.state(),
        adopted.wereTakenOver(),
        runs,
        tickets,
        givenUp,
        lastGivenUp);
  }

  /** What it waits for, or null if for nothing, so that it can end. */
  @Nullable AssetSchedule schedule() {
    return schedule;
  }

  long givenUp() {
    return givenUp;
  }

  void assign(Assignment assignment) {
    if (assignment.generation() < generation) {
      return;
    }
    generation = assignment.generation();
    AssetSchedule before = schedule;
    schedule = assignment.schedule();
    adopted.takeOver(assignment.waiting());
    Set<String> assets = assets();
    boolean keeps =
        before == null || schedule == null || before.byPartition() == schedule.byPartition();
    places.keySet().retainAll(keeps ? assets : Set.of());
    queue.retainAssets(keeps ? assets : Set.of());
    adopted.retainAssets(assets);
    due.clear();
    lookAtAll();
  }

  private Set<String> assets() {
    return schedule == null ? Set.of() : schedule.condition().assets();
  }

  private boolean byPartition() {
    return schedule != null && schedule.byPartition();
  }

  /** Takes note that an asset has changed; what it knows already it ignores. */
  void news(News news) {
    if (!assets().contains(news.asset())) {
      return;
    }
    requireNonNull(news.log(), "The news of an asset must name its log");
    Place place = places.get(news.asset());
    if (place == null || !place.log().equals(news.log())) {
      place = new Place(news.log(), news.from(), news.from());
    }
    long known = place.last();
    long last = Math.max(known, news.to());
    places.put(news.asset(), new Place(place.log(), byPartition() ? last : place.readTo(), last));
    if (!byPartition()) {
      return;
    }
    for (PartitionKey key : news.keys()) {
      PartitionKey fresh = key.after(known);
      if (fresh != null) {
        queue.add(news.asset(), fresh).forEach(lost -> giveUp(news.asset(), lost));
        look(key.partition());
      }
    }
    givenUp += known < news.to() ? news.unlisted() : 0;
  }

  private void giveUp(String asset, PartitionKey key) {
    givenUp += key.events();
    lastGivenUp = "%s[%s]".formatted(asset, key.partition());
    look(key.partition());
  }

  private void lookAtAll() {
    if (byPartition()) {
      queue.partitions().forEach(this::look);
      adopted.eachPartition(this::look);
    }
  }

  private void look(@Nullable String partition) {
    Set<String> changed = queue.assets(partition);
    changed.addAll(adopted.assets(partition));
    if (schedule != null && schedule.condition().holds(changed)) {
      due.add(partition);
    } else {
      due.remove(partition);
    }
  }

  /** Whether a run can start. */
  boolean isDue() {
    if (schedule == null) {
      return false;
    }
    return schedule.byPartition() ? !due.isEmpty() : schedule.condition().holds(changed());
  }

  private Set<String> changed() {
    Set<String> changed = adopted.assets();
    places.forEach(
        (asset, place) -> {
          if (place.last() > place.readTo()) {
            changed.add(asset);
          }
        });
    return changed;
  }

  /** Takes out what is due, and says what has to be read for it. */
  TakenEvents take() {
    return byPartition() ? takePartitions() : takeAll();
  }

  private TakenEvents takeAll() {
    long ticket = ++tickets;
    int bytes = MAX_RUN_BYTES / assets().size();
    Map<String, Read> reads = new TreeMap<>();
    places.forEach(
        (asset, place) -> {
          if (place.last() > place.readTo()) {
            reads.put(asset, new Read(asset, dag, ticket, place.readTo(), List.of(), bytes));
          }
        });
    return new TakenEvents(ticket, reads, null, adopted.take());
  }

  private TakenEvents takePartitions() {
    long ticket = ++tickets;
    List<@Nullable String> partitions = due.stream().limit(PARTITIONS_AT_ONCE).toList();
    Map<String, List<PartitionKey>> wanted = new TreeMap<>();
    List<AssetEvent> known = new ArrayList<>();
    for (String partition : partitions) {
      due.remove(partition);
      queue
          .remove(partition)
          .forEach((asset, key) -> wanted.computeIfAbsent(asset, a -> new ArrayList<>()).add(key));
      known.addAll(adopted.take(partition));
    }
    int bytes = MAX_RUN_BYTES / assets().size();
    Map<String, Read> reads = new TreeMap<>();
    wanted.forEach((asset, keys) -> reads.put(asset, new Read(asset, dag, ticket, 0, keys, bytes)));
    return new TakenEvents(ticket, reads, partitions, known);
  }

  /** The runs, once every asset has answered. */
  List<Run> runs(TakenEvents taken, Collection<Page> pages) {
    for (Page page : pages) {
      Place place = places.get(page.asset());
      if (place != null && taken.partitions() == null) {
        places.put(
            page.asset(), new Place(place.log(), page.to(), Math.max(place.last(), page.to())));
      }
    }
    return taken.runs(pages).stream().map(this::run).toList();
  }

  private Run run(List<AssetEvent> events) {
    return new Run(Objects.requireNonNull(schedule), runs++, events);
  }

  /** The assets that have changed since the last run, for people. */
  Set<String> has() {
    Set<String> has = new TreeSet<>(changed());
    has.addAll(queue.assets());
    return has;
  }

  /** For people who look at the workflow. */
  String markdown() {
    return "### %s%n%nwaits for %s; has %s%n%n%d runs started%n%s"
        .formatted(
            dag,
            assets(),
            has(),
            runs,
            givenUp == 0
                ? ""
                : "%n%d events were given up, too many partitions waited; the last: %s%n"
                    .formatted(givenUp, lastGivenUp));
  }
}
