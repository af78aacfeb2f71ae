package io.millrace.engine;

import io.temporal.workflow.Functions;
import io.temporal.workflow.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One activity for each item of a list, as Airflow's {@code expand}.
 *
 * <p>An empty list skips the task. Its value is the list of the results in the order of the items,
 * without those that were skipped or whose failure {@link #minSuccessRatio} tolerates.
 *
 * @param <X> the type of an item
 * @param <R> the type of one result
 */
public final class Mapped<X, R> extends Node<List<R>, Mapped<X, R>> {

  /** More items than this in one run would outgrow its history. */
  static final int MAX_ITEMS = 500;

  private final Functions.Func<List<X>> items;
  private final ItemCall<X, R> call;
  private final List<@Nullable R> results = new ArrayList<>();
  private final List<String> failures = new ArrayList<>();
  private Functions.@Nullable Func1<X, String> name;
  private List<X> expanded = List.of();
  private int maxActive = 32;
  private double minSuccessRatio = 1;
  private boolean cancelled;
  private int next;
  private int active;
  private int succeeded;
  private int skipped;

  Mapped(String id, Policy policy, Functions.Func<List<X>> items, ItemCall<X, R> call) {
    super(id, policy);
    this.items = items;
    this.call = call;
  }

  /** Makes the call for one item. */
  @FunctionalInterface
  interface ItemCall<X, R> {
    Promise<R> call(String summary, Policy policy, X item);
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

  @Override
  Mapped<X, R> self() {
    return this;
  }

  @Override
  List<R> value() {
    return results.stream().filter(Objects::nonNull).toList();
  }

  /**
   * Each item counts. A failure that {@link #minSuccessRatio} may still tolerate does not count
   * before the whole task has ended, lest those below give up too early.
   */
  @Override
  UpstreamCounts counts() {
    if (results.isEmpty()) {
      return super.counts();
    }
    int failed = failures.size();
    int success = succeeded;
    if (state() == NodeState.FAILED) {
      failed = expanded.size() - succeeded - skipped;
    } else if (minSuccessRatio < 1) {
      success += state() == NodeState.SUCCESS ? failed : 0;
      failed = 0;
    }
    return new UpstreamCounts(expanded.size(), success, skipped, failed, 0);
  }

  @Override
  String progress() {
    return expanded.isEmpty()
        ? ""
        : "%d/%d".formatted(succeeded + skipped + failures.size(), expanded.size());
  }

  @Override
  void start() {
    expanded = List.copyOf(items.apply());
    if (expanded.isEmpty()) {
      finish(NodeState.SKIPPED, "no items");
      return;
    }
    if (expanded.size() > MAX_ITEMS) {
      finish(
          NodeState.FAILED,
          "%d items, at most %d in one run: group them, or process them in several runs"
              .formatted(expanded.size(), MAX_ITEMS));
      return;
    }
    expanded.forEach(item -> results.add(null));
    advance();
  }

  @Override
  void advance() {
    while (active < maxActive && next < expanded.size()) {
      int index = next++;
      X item = expanded.get(index);
      String itemName = name == null ? String.valueOf(index) : name.apply(item);
      Promise<R> ending = call.call("%s[%s]".formatted(id(), itemName), policy(), item);
      active++;
      ending.handle(
          (value, failure) -> {
            ended(index, itemName, value, failure);
            return null;
          });
    }
  }

  @Override
  void cancel() {
    super.cancel();
    cancelled = true;
    if (state() == NodeState.RUNNING) {
      endIfDone();
    }
  }

  private void ended(
      int index, String itemName, @Nullable R value, @Nullable RuntimeException failure) {
    active--;
    if (failure == null) {
      results.set(index, value);
      succeeded++;
    } else if (isSkip(failure)) {
      skipped++;
    } else {
      countTries(failure);
      failures.add("%s: %s".formatted(itemName, messageOf(failure)));
    }
    endIfDone();
    changed();
  }

  private void endIfDone() {
    if (state() != NodeState.RUNNING) {
      return;
    }
    if (succeeded + skipped + failures.size() == expanded.size()) {
      end();
    } else if (cancelled && active == 0) {
      finish(NodeState.FAILED, CANCELLED);
    }
  }

  private void end() {
    int ran = expanded.size() - skipped;
    if (ran == 0) {
      finish(NodeState.SKIPPED, "every item skipped");
    } else if (succeeded < Math.ceil(minSuccessRatio * ran)) {
      finish(
          NodeState.FAILED,
          "%d of %d items failed; %s".formatted(failures.size(), ran, failures.get(0)));
    } else {
      finish(NodeState.SUCCESS, total());
    }
  }

  private String total() {
    return failures.isEmpty()
        ? ""
        : "%d of %d items failed and were tolerated".formatted(failures.size(), expanded.size());
  }
}
