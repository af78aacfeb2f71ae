package io.millrace.engine;

import io.temporal.workflow.Functions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One activity, or one child run, for each item of a list, as Airflow's {@code expand}.
 *
 * <p>An empty list skips the task. Its value is the list of the results in the order of the items,
 * without those that were skipped or whose failure {@link #minSuccessRatio} tolerates. Up to 500
 * items are activities of the run itself; above that each 500 are a child run, so that no history
 * outgrows its limits.
 *
 * @param <X> the type of an item
 * @param <R> the type of one result
 */
public final class Mapped<X, R> extends Node<List<R>, Mapped<X, R>> {

  /** More items than this are worked off in child runs. */
  static final int MAX_IN_RUN = 500;

  /** More are refused: items so many are so small that batches serve them better. */
  static final int MAX_ITEMS = 100_000;

  private final Functions.Func<List<X>> items;
  private final Functions.Func1<X, RecordedCall> call;
  private final Items<R> ended = new Items<>();
  private Functions.@Nullable Func1<X, String> name;
  private List<X> expanded = List.of();
  private @Nullable Fan<?> fan;
  private boolean ofRuns;
  private int maxActive = 32;
  private double minSuccessRatio = 1;

  Mapped(
      String id,
      Policy policy,
      Functions.Func<List<X>> items,
      Functions.Func1<X, RecordedCall> call) {
    super(id, policy);
    this.items = items;
    this.call = call;
  }

  /** Names each item, for the Web UI's timeline and for messages. */
  public Mapped<X, R> named(Functions.Func1<X, String> naming) {
    name = naming;
    return this;
  }

  /** Sets how many items run at the same time in this run; 32 by default. */
  public Mapped<X, R> maxActive(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("maxActive must be 1 or more, not " + count);
    }
    maxActive = count;
    return this;
  }

  /** Sets the share of items that must succeed for the task to succeed; 1 by default. */
  public Mapped<X, R> minSuccessRatio(double ratio) {
    if (!(ratio > 0 && ratio <= 1)) {
      throw new IllegalArgumentException("minSuccessRatio must be in (0, 1], not " + ratio);
    }
    minSuccessRatio = ratio;
    return this;
  }

  /** Makes each item a child run. */
  Mapped<X, R> asRuns() {
    ofRuns = true;
    return this;
  }

  /** Whether each item is a child run. */
  boolean ofRuns() {
    return ofRuns;
  }

  @Override
  Mapped<X, R> self() {
    return this;
  }

  @Override
  List<R> value() {
    return ended.results();
  }

  /**
   * Each item counts. A failure that {@link #minSuccessRatio} may still tolerate does not count
   * before the whole task has ended, lest those below give up too early.
   */
  @Override
  UpstreamCounts counts() {
    if (ended.size() == 0 || state() == NodeState.NONE) {
      return super.counts();
    }
    return ended.counts(state(), minSuccessRatio < 1);
  }

  @Override
  String progress() {
    return expanded.isEmpty() ? "" : "%d/%d".formatted(ended.count(), expanded.size());
  }

  @Override
  void start() {
    List<X> list = List.copyOf(items.apply());
    if (list.isEmpty()) {
      finish(NodeState.SKIPPED, "no items");
      return;
    }
    if (list.size() > MAX_ITEMS) {
      finish(
          NodeState.FAILED,
          "%d items, at most %d: cut the list into batches with Handle.batches"
              .formatted(list.size(), MAX_ITEMS));
      return;
    }
    if (list.size() > MAX_IN_RUN && call.apply(list.get(0)).kind() != RecordedCall.Kind.ACTIVITY) {
      finish(
          NodeState.FAILED,
          "%d child runs, at most %d: let each take a batch of items"
              .formatted(list.size(), MAX_IN_RUN));
      return;
    }
    ended.expect(list.size());
    expanded = list;
    takeOver();
    List<Integer> open = ended.open();
    fan = open.size() <= MAX_IN_RUN ? inRun(open) : inChunks(open);
    advance();
    endIfDone();
  }

  /** Takes over the items that an earlier run has done, so that only the others are made. */
  private void takeOver() {
    if (!run().calls().mayTakeOver(this)) {
      return;
    }
    for (int index : ended.open()) {
      R result = run().calls().takenOver(this, callOf(index), summaryOf(index));
      if (result != null) {
        ended.succeed(index, result);
      }
    }
  }

  private Fan<R> inRun(List<Integer> open) {
    int round = life().round();
    return new Fan<>(
        open,
        maxActive,
        index -> run().calls().make(this, callOf(index), summaryOf(index)),
        (index, value, failure) -> {
          if (round == life().round()) {
            ended(index, value, failure);
          }
        });
  }

  private Fan<MapChunk.Outcome> inChunks(List<Integer> open) {
    int round = life().round();
    return new Chunks<>(this, ended, this::callOf, this::nameOf, this::failed)
        .fan(open, maxActive, () -> round == life().round(), this::someEnded);
  }

  private RecordedCall callOf(int index) {
    return call.apply(expanded.get(index));
  }

  private String summaryOf(int index) {
    return "%s[%s]".formatted(id(), nameOf(index));
  }

  private String nameOf(int index) {
    return name == null ? String.valueOf(index) : name.apply(expanded.get(index));
  }

  @Override
  boolean canAdvance() {
    return fan != null && fan.canAdvance();
  }

  @Override
  void advance() {
    if (fan != null) {
      fan.advance();
    }
  }

  @Override
  void stop(String why) {
    super.stop(why);
    if (fan != null) {
      fan.stop();
      if (state() == NodeState.RUNNING) {
        endIfDone();
      }
    }
  }

  @Override
  void forget(boolean keepsWhatSucceeded) {
    if (fan != null) {
      fan.stop();
      fan = null;
    }
    ended.forget(keepsWhatSucceeded);
    expanded = keepsWhatSucceeded ? expanded : List.of();
  }

  private void ended(int index, @Nullable R value, @Nullable RuntimeException failure) {
    if (failure == null) {
      ended.succeed(index, value);
    } else if (Failures.isSkip(failure)) {
      ended.skip();
    } else {
      countTries(failure);
      failed(index, failure);
    }
    someEnded();
  }

  private void someEnded() {
    changed();
    endIfDone();
  }

  private void failed(int index, RuntimeException failure) {
    ended.fail(index, "%s: %s".formatted(nameOf(index), Failures.messageOf(failure)));
  }

  private void endIfDone() {
    if (state() != NodeState.RUNNING) {
      return;
    }
    if (ended.count() == expanded.size()) {
      end();
    } else if (fan != null && fan.isDone()) {
      finish(NodeState.FAILED, DagRun.STOPPED);
    }
  }

  private void end() {
    int ran = expanded.size() - ended.skipped();
    if (ran == 0) {
      finish(NodeState.SKIPPED, "every item skipped");
    } else if (ended.succeeded() < Math.ceil(minSuccessRatio * ran)) {
      finish(
          NodeState.FAILED,
          "%d of %d items failed; %s"
              .formatted(
                  ended.failures().size(), ran, ended.failures().values().iterator().next()));
    } else {
      finish(NodeState.SUCCESS, ended.total());
    }
  }
}
