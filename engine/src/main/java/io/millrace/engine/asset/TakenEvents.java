package io.millrace.engine.asset;

import io.millrace.engine.asset.AssetMessage.Page;
import io.millrace.engine.asset.AssetMessage.Read;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a consumer took out for runs.
 *
 * @param ticket comes back with the answers
 * @param reads what the assets are asked
 * @param partitions one run each, or null for one run of all
 * @param adopted events that are known already
 */
record TakenEvents(
    long ticket,
    Map<String, Read> reads,
    @Nullable List<@Nullable String> partitions,
    List<AssetEvent> adopted) {

  /** The events of each run to start, once every asset has answered: the earliest first. */
  List<List<AssetEvent>> runs(Collection<Page> pages) {
    List<AssetEvent> events =
        Stream.concat(
                adopted.stream(),
                pages.stream()
                    .flatMap(page -> page.events().stream())
                    .sorted(Comparator.comparingLong(LoggedEvent::takenAt))
                    .map(LoggedEvent::event))
            .toList();
    if (partitions == null) {
      return events.isEmpty() ? List.of() : List.of(events);
    }
    return partitions.stream()
        .map(
            partition ->
                events.stream()
                    .filter(event -> Objects.equals(event.partition(), partition))
                    .toList())
        .toList();
  }
}
