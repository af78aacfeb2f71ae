package io.millrace.engine.asset;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Events that waited for a consumer before the hub was divided; taken over once. */
final class AdoptedEvents {

  static final int MAX_BYTES = 200_000;

  private final List<AssetEvent> events = new ArrayList<>();
  private boolean wereTakenOver;

  void restore(List<AssetEvent> state, boolean wereTakenOver) {
    events.addAll(state);
    this.wereTakenOver = wereTakenOver;
  }

  List<AssetEvent> state() {
    return List.copyOf(events);
  }

  boolean wereTakenOver() {
    return wereTakenOver;
  }

  void takeOver(List<AssetEvent> waiting) {
    if (!waiting.isEmpty() && !wereTakenOver) {
      wereTakenOver = true;
      events.addAll(fitting(waiting));
    }
  }

  /** The latest keep what they say; of the oldest the extra goes if all together are too large. */
  private static List<AssetEvent> fitting(List<AssetEvent> events) {
    List<AssetEvent> fitting = new ArrayList<>();
    int bytes = 0;
    for (int i = events.size() - 1; i >= 0; i--) {
      AssetEvent event = events.get(i);
      bytes += JsonSize.of(event);
      fitting.add(
          0,
          bytes <= MAX_BYTES
              ? event
              : new AssetEvent(event.asset(), event.partition(), event.source(), event.at()));
    }
    return fitting;
  }

  void retainAssets(Set<String> assets) {
    events.removeIf(event -> !assets.contains(event.asset()));
  }

  /** The assets that have changed. */
  Set<String> assets() {
    return assets(event -> true);
  }

  /** The assets of which a partition has changed. */
  Set<String> assets(@Nullable String partition) {
    return assets(event -> Objects.equals(event.partition(), partition));
  }

  private Set<String> assets(Predicate<AssetEvent> which) {
    Set<String> assets = new LinkedHashSet<>();
    for (AssetEvent event : events) {
      if (which.test(event)) {
        assets.add(event.asset());
      }
    }
    return assets;
  }

  void eachPartition(Consumer<@Nullable String> action) {
    events.forEach(event -> action.accept(event.partition()));
  }

  /** Takes out all. */
  List<AssetEvent> take() {
    List<AssetEvent> taken = List.copyOf(events);
    events.clear();
    return taken;
  }

  /** Takes out those of a partition. */
  List<AssetEvent> take(@Nullable String partition) {
    List<AssetEvent> taken =
        events.stream().filter(event -> Objects.equals(event.partition(), partition)).toList();
    events.removeAll(taken);
    return taken;
  }
}
