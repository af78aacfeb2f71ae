package io.millrace.engine.asset;

import io.millrace.engine.deployment.Answers;
import io.millrace.engine.deployment.Together;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowNotFoundException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Asks many assets and consumers, some at a time. */
final class AssetQuestions {

  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final WorkflowClient client;

  AssetQuestions(WorkflowClient client) {
    this.client = client;
  }

  List<AssetReport> reports(Collection<String> assets, Collection<AssetSchedule> schedules) {
    return Together.each(
        assets,
        asset -> {
          List<String> consumers =
              schedules.stream()
                  .filter(schedule -> schedule.condition().assets().contains(asset))
                  .map(AssetSchedule::dag)
                  .toList();
          AssetReport known =
              ask(() -> shard(asset).report(), new AssetReport(asset, 0, null, null, List.of()));
          return new AssetReport(
              asset, known.events(), known.lastAt(), known.lastSource(), consumers);
        });
  }

  List<LoggedEvent> events(Collection<String> assets) {
    return Together.each(assets, asset -> ask(() -> shard(asset).events(), List.<LoggedEvent>of()))
        .stream()
        .flatMap(List::stream)
        .toList();
  }

  Map<String, List<AssetEvent>> waiting(Collection<AssetSchedule> schedules) {
    Map<String, List<AssetEvent>> waiting = new TreeMap<>();
    List<AssetSchedule> asked = List.copyOf(schedules);
    List<List<AssetEvent>> events = Together.each(asked, this::waiting);
    for (int i = 0; i < asked.size(); i++) {
      waiting.put(asked.get(i).dag(), events.get(i));
    }
    return waiting;
  }

  /** The consumer knows how far it has read, the assets what comes after. */
  private List<AssetEvent> waiting(AssetSchedule schedule) {
    ConsumerState consumer =
        ask(() -> consumer(schedule.dag()).consumer(), new ConsumerLedger(schedule.dag()).state());
    List<LoggedEvent> events = new ArrayList<>();
    if (schedule.byPartition()) {
      consumer
          .queue()
          .forEach(
              (asset, keys) -> {
                if (!keys.isEmpty()) {
                  events.addAll(ask(() -> shard(asset).details(keys), List.<LoggedEvent>of()));
                }
              });
    } else {
      consumer
          .places()
          .forEach(
              (asset, place) ->
                  events.addAll(
                      ask(() -> shard(asset).since(place.readTo()), List.<LoggedEvent>of())));
    }
    return Stream.concat(
            consumer.adopted().stream(),
            events.stream()
                .sorted(Comparator.comparingLong(LoggedEvent::takenAt))
                .map(LoggedEvent::event))
        .toList();
  }

  private AssetShard shard(String asset) {
    return client.newWorkflowStub(AssetShard.class, AssetShard.id(asset));
  }

  private AssetConsumer consumer(String dag) {
    return client.newWorkflowStub(AssetConsumer.class, AssetConsumer.id(dag));
  }

  private <T> T ask(Supplier<T> question, T nothing) {
    try {
      return Answers.within(LIMIT, question);
    } catch (WorkflowNotFoundException e) {
      return nothing;
    }
  }
}
