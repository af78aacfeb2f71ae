package io.millrace.engine.asset;

import io.millrace.engine.asset.AssetMessage.News;
import io.millrace.engine.asset.AssetMessage.Subscriber;
import io.millrace.engine.asset.AssetMessage.Subscribers;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Who waits for one asset and how far each was notified.
 *
 * <p>A consumer that does not ask for partitions is notified once that there is something new, and
 * again only after it has read: what it costs does not grow with the events that wait.
 */
final class AssetReaders {

  private final String asset;
  private final EventLog log;
  private final Map<String, Place> places = new LinkedHashMap<>();
  private long generation;

  /**
   * How far a consumer was notified.
   *
   * @param to the number of the last event
   * @param isIdle whether it is to be notified of the next; only for one without partitions
   */
  record Place(boolean byPartition, long to, boolean isIdle) {
    boolean isDue(long last) {
      return to < last && (byPartition || isIdle);
    }
  }

  AssetReaders(String asset, EventLog log) {
    this.asset = asset;
    this.log = log;
  }

  void restore(long generation, Map<String, Place> places) {
    this.generation = generation;
    this.places.putAll(places);
  }

  long generation() {
    return generation;
  }

  Map<String, Place> places() {
    return new LinkedHashMap<>(places);
  }

  boolean isEmpty() {
    return places.isEmpty();
  }

  List<String> dags() {
    return List.copyOf(places.keySet());
  }

  /** Replaces all; one who waited before keeps its place. */
  void replace(Subscribers subscribers) {
    if (subscribers.generation() < generation) {
      return;
    }
    generation = subscribers.generation();
    Set<String> names = new LinkedHashSet<>();
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

  /** A consumer has read everything, and is notified of the next event again. */
  void hasRead(String dag) {
    Place place = places.get(dag);
    if (place != null && !place.byPartition()) {
      places.put(dag, new Place(false, log.last(), true));
    }
  }

  boolean hasNews() {
    return places.values().stream().anyMatch(place -> place.isDue(log.last()));
  }

  /**
   * Takes out news, each consumer in turn.
   *
   * @param logId names the asset's log
   * @param max messages at most
   * @param maxBytes of all of them together, but for the last
   */
  void news(String logId, int max, long maxBytes, Consumer<News> to) {
    long bytes = 0;
    int count = 0;
    Map<Long, List<PartitionKey>> keys = new LinkedHashMap<>();
    for (String dag : dags()) {
      if (count >= max || bytes >= maxBytes) {
        return;
      }
      Place place = places.get(dag);
      if (place != null && place.isDue(log.last())) {
        News news = news(logId, dag, place, keys);
        bytes += news.keys().stream().mapToLong(JsonSize::of).sum();
        places.remove(dag);
        places.put(dag, new Place(place.byPartition(), log.last(), false));
        to.accept(news);
        count++;
      }
    }
  }

  private News news(String logId, String dag, Place place, Map<Long, List<PartitionKey>> keys) {
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

  /** News that did not arrive is sent again. */
  void refused(News news) {
    Place place = places.get(news.dag());
    if (place != null) {
      places.put(news.dag(), new Place(place.byPartition(), news.from(), true));
    }
  }
}
