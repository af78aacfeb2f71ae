package io.millrace.engine;

import io.temporal.workflow.Promise;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The items of a mapped task that are too many for its run, in child runs of {@link MapChunk#SIZE}.
 *
 * @param <R> the type of one result
 */
final class Chunks<R> {

  private final Node<?, ?> task;
  private final Items<R> items;
  private final IntFunction<RecordedCall> call;
  private final IntFunction<String> name;
  private final Failed failed;

  /** Takes what an item failed of, if its whole chunk did. */
  @FunctionalInterface
  interface Failed {
    void failed(int index, RuntimeException why);
  }

  Chunks(
      Node<?, ?> task,
      Items<R> items,
      IntFunction<RecordedCall> call,
      IntFunction<String> name,
      Failed failed) {
    this.task = task;
    this.items = items;
    this.call = call;
    this.name = name;
    this.failed = failed;
  }

  /**
   * Works off the items.
   *
   * @param open their indexes
   * @param maxActive how many are under way at the same time, over all chunks
   * @param wanted whether what ends still matters
   * @param then done after each chunk that does
   */
  Fan<MapChunk.Outcome> fan(
      List<Integer> open, int maxActive, BooleanSupplier wanted, Runnable then) {
    List<List<Integer>> chunks = Handle.slices(open, MapChunk.SIZE);
    int active = Math.min(Math.min(chunks.size(), MapChunk.MAX_ACTIVE), maxActive);
    Map<Integer, List<RecordedCall>> made = new HashMap<>();
    return new Fan<>(
        IntStream.range(0, chunks.size()).boxed().toList(),
        active,
        number -> {
          made.put(number, chunks.get(number).stream().map(call::apply).toList());
          return start(chunks.get(number), made.get(number), Math.max(1, maxActive / active));
        },
        (number, outcome, failure) -> {
          if (wanted.getAsBoolean()) {
            ended(
                chunks.get(number), Objects.requireNonNull(made.remove(number)), outcome, failure);
            then.run();
          }
        });
  }

  private Promise<MapChunk.Outcome> start(
      List<Integer> indexes, List<RecordedCall> made, int active) {
    List<MapChunk.Item> chunked =
        IntStream.range(0, indexes.size())
            .mapToObj(place -> MapChunk.Item.of(name.apply(indexes.get(place)), made.get(place)))
            .toList();
    return task.run()
        .calls()
        .makeAll(task, indexes.get(0), indexes.get(indexes.size() - 1), chunked, active);
  }

  private void ended(
      List<Integer> indexes,
      List<RecordedCall> made,
      MapChunk.@Nullable Outcome outcome,
      @Nullable RuntimeException failure) {
    for (int i = 0; i < indexes.size(); i++) {
      int index = indexes.get(i);
      if (outcome == null) {
        failed.failed(index, Objects.requireNonNull(failure));
      } else {
        take(index, made.get(i), outcome, i);
      }
    }
  }

  private void take(int index, RecordedCall made, MapChunk.Outcome outcome, int place) {
    String failure = outcome.failures().get(place);
    if (failure != null) {
      items.fail(index, failure);
    } else if (outcome.skipped().contains(place)) {
      items.skip();
    } else {
      items.succeed(index, Json.read(outcome.results().get(place), made.resultType()));
    }
  }
}
