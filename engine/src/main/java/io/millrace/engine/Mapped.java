package io.millrace.engine;

import com.fasterxml.jackson.databind.JsonNode;
import io.temporal.workflow.Functions;
import io.temporal.workflow.Workflow;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One activity, or one child run, for each item of a list, as Airflow's {@code expand}.
 *
 * <p>An empty list, and the list of a task that was skipped, skips the task. Its value is the list
 * of the results in the order of the items, without those that were skipped or whose failure {@link
 * #minSuccessRatio} tolerates. Up to 500 items are activities of the run itself; above that each
 * 500 are a child run, so that no history outgrows its limits.
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
  private Functions.@Nullable Func1<X, String> naming;
  private List<X> expanded = List.of();
  private ItemNames names = ItemNames.NONE;
  private @Nullable MapWork work;
  private @Nullable List<R> given;
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

  /**
   * Names each item, for the Web UI's timeline, for messages and for operations on one item. Items
   * of the same name get a number.
   */
  public Mapped<X, R> named(Functions.Func1<X, String> itemNaming) {
    naming = itemNaming;
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
    return given == null ? ended.results() : given;
  }

  /**
   * Each item counts. A failure that {@link #minSuccessRatio} may still tolerate does not count
   * before the whole task has ended, so that those below do not give up too early. What a person
   * has set counts for all items.
   */
  @Override
  UpstreamCounts counts() {
    if (ended.size() == 0 || state() == NodeState.NONE || endedBeforeItsItems()) {
      return super.counts();
    }
    return life().isMarked()
        ? UpstreamCounts.of(state(), ended.size())
        : ended.counts(state(), minSuccessRatio < 1);
  }

  /** Some items were to be done again, and then it did not start because of a task above it. */
  private boolean endedBeforeItsItems() {
    return (state() == NodeState.UPSTREAM_FAILED || state() == NodeState.SKIPPED)
        && ended.count() < ended.size()
        && Workflow.getVersion("map-ends-before-items", Workflow.DEFAULT_VERSION, 1) == 1;
  }

  @Override
  String progress() {
    return ended.size() == 0 ? "" : "%d/%d".formatted(ended.count(), ended.size());
  }

  @Override
  boolean takesOver() {
    if (!run().calls().isRerun()) {
      return false;
    }
    List<X> list = items.apply();
    if (list == null || list.isEmpty() || refusal(list) != null) {
      return true; // it starts nothing
    }
    ItemNames now = ItemNames.of(id(), list, naming);
    return clearedItems(now).isEmpty()
        && former(list, now, IntStream.range(0, list.size()).boxed().toList(), isOutdated())
            .stream()
            .allMatch(PriorRun.Match::found);
  }

  @Override
  void start() {
    List<X> list = items.apply();
    if (list == null || list.isEmpty()) {
      finish(NodeState.SKIPPED, list == null ? "no list to map over" : "no items");
      return;
    }
    String refusal = refusal(list);
    if (refusal != null) {
      finish(NodeState.FAILED, refusal);
      return;
    }
    expand(list);
    List<String> reasons = takeOver();
    life()
        .note(
            reasons.isEmpty()
                ? null
                : "%d of %d items ran again, the first because %s"
                    .formatted(reasons.size(), list.size(), reasons.get(0)));
    List<Integer> open = ended.open();
    work =
        inChunks(open.size())
            ? new Chunks<>(this, ended, maxActive, life().round())
            : new ItemQueue<>(
                open,
                maxActive,
                (index, end) -> this.<R>execute(callOf(index), label(index), end),
                this::itemEnded);
    advance();
    endIfDone();
  }

  private @Nullable String refusal(List<X> list) {
    if (list.size() > MAX_ITEMS) {
      return "%d items, at most %d: cut the list into batches with Handle.batches"
          .formatted(list.size(), MAX_ITEMS);
    }
    for (int i = 0; i < list.size(); i++) {
      if (list.get(i) == null) {
        return "item %d of the list that '%s' maps over is null: leave it out of the list"
            .formatted(i, id());
      }
    }
    if (list.size() > MAX_IN_RUN && call.apply(list.get(0)).kind() != RecordedCall.Kind.ACTIVITY) {
      return "%d child runs, at most %d: let each take a batch of items"
          .formatted(list.size(), MAX_IN_RUN);
    }
    return null;
  }

  /** Keeps how the items ended that are the same as before, so that only the others run. */
  private void expand(List<X> list) {
    List<X> before = expanded;
    ended.expect(list.size());
    expanded = Collections.unmodifiableList(new ArrayList<>(list));
    names = ItemNames.of(id(), expanded, naming);
    for (int i = 0; i < list.size(); i++) {
      if (i >= before.size() || !list.get(i).equals(before.get(i))) {
        ended.reopen(i);
      }
    }
  }

  /** Takes over what an earlier run has done; returns why done items are done again. */
  private List<String> takeOver() {
    if (!run().calls().isRerun() || life().isStale()) {
      return List.of();
    }
    Set<Integer> cleared = clearedItems(names);
    List<String> reasons = new ArrayList<>();
    List<Integer> open = ended.open();
    List<PriorRun.Match<R>> matches = former(expanded, names, open, false);
    for (int i = 0; i < open.size(); i++) {
      PriorRun.Match<R> match = matches.get(i);
      if (match.found() && !cleared.contains(open.get(i))) {
        ended.succeed(open.get(i), match.value());
      } else if (match.reason() != null) {
        reasons.add(match.reason());
      }
    }
    return reasons;
  }

  private List<PriorRun.Match<R>> former(
      List<X> list, ItemNames named, List<Integer> wanted, boolean outdated) {
    return run()
        .calls()
        .former(
            this,
            outdated,
            wanted.stream().map(index -> call.apply(list.get(index))).toList(),
            wanted.stream().map(index -> Target.label(id(), named.of(index))).toList());
  }

  private Set<Integer> clearedItems(ItemNames named) {
    Set<Integer> cleared = new TreeSet<>();
    run().calls().clearedItems(id()).forEach(item -> cleared.add(named.find(id(), item)));
    return cleared;
  }

  /**
   * Many items, or some of a run that has many already, are child runs: each item in the run costs
   * six events of its history.
   */
  private boolean inChunks(int open) {
    if (open > MAX_IN_RUN) {
      return true;
    }
    return open > 0
        && !run().takesItems(open)
        && call.apply(expanded.get(0)).kind() == RecordedCall.Kind.ACTIVITY
        && Workflow.getVersion("items-of-a-full-run", Workflow.DEFAULT_VERSION, 1) == 1;
  }

  RecordedCall callOf(int index) {
    return call.apply(expanded.get(index));
  }

  String nameOf(int index) {
    return names.of(index);
  }

  private String label(int index) {
    return Target.label(id(), names.of(index));
  }

  @Override
  boolean canAdvance() {
    return work != null && work.canAdvance();
  }

  @Override
  void advance() {
    if (work != null) {
      work.advance(() -> run().calls().admits(this));
    }
  }

  @Override
  void stop(String why) {
    if (work != null) {
      work.stop();
    }
    super.stop(why);
    endIfDone();
  }

  /** Keeps what a cancelled child run of it has done. */
  void stopped(MapChunk.Stopped chunk) {
    if (work instanceof Chunks<?> chunks) {
      chunks.stopped(chunk);
    }
  }

  @Override
  void forget() {
    endByHand();
    ended.forget();
    expanded = List.of();
    names = ItemNames.NONE;
    given = null;
  }

  @Override
  void endByHand() {
    if (work != null) {
      work.stop();
      work = null;
    }
  }

  /** The place of an item that an operation names. */
  int indexOf(String item) {
    return names.find(id(), item);
  }

  /** The items of a state, by their labels. */
  List<String> labelsIn(Items.State state) {
    return ended.in(state).stream().map(this::label).toList();
  }

  boolean hasEndedItems() {
    return ended.count() > 0;
  }

  /** The items that have not ended. */
  List<Integer> open() {
    return ended.open();
  }

  /** Does some items again; the others keep what they have, or go on. */
  void clearItems(Collection<Integer> indexes) {
    spreadMark();
    MapWork current = work;
    boolean goesOn = state().isActive() && current != null;
    if (!goesOn) {
      endByHand();
      life().reset(false);
    }
    for (int index : indexes) {
      ended.reopen(index);
      if (goesOn) {
        Objects.requireNonNull(current).again(index);
      }
    }
    given = null;
    changed();
  }

  /** Checks the mark of one item. */
  void checkItemMark(int index, NodeState end, @Nullable JsonNode value) {
    if (state().isActive() && work == null) {
      throw new IllegalArgumentException("Task '%s' is just starting".formatted(id()));
    }
    if (value != null) {
      Json.readStrictly(value, resultType());
    }
    Enum<?> now = isMarked() ? state() : ended.state(index);
    if (now.name().equals(end.name())) {
      throw new IllegalArgumentException(
          "Item '%s' is %s already".formatted(label(index), end.words()));
    }
  }

  /** Sets the state of one item by hand. */
  void markItem(int index, NodeState end, @Nullable JsonNode value, String what) {
    R result = value == null ? null : Json.read(value, resultType());
    spreadMark();
    if (work != null) {
      work.drop(index);
    }
    switch (end) {
      case SUCCESS -> ended.succeed(index, result);
      case SKIPPED -> ended.skip(index);
      default -> ended.fail(index, "%s: %s".formatted(names.of(index), what));
    }
    life().worked();
    if (state().isTerminal() && !life().isMarked()) {
      endIfComplete();
    }
    endIfDone();
    changed();
  }

  private boolean isMarked() {
    return life().isMarked() && state().isTerminal();
  }

  /**
   * Makes the mark of the whole task one of each of its items, before one of them gets another
   * state; after that the items decide again.
   */
  private void spreadMark() {
    if (isMarked()
        && Workflow.getVersion("marked-map-of-items", Workflow.DEFAULT_VERSION, 1) == 1) {
      ended.endAll(Items.State.valueOf(state().name()), report().detail());
      given = null;
      life().unmark();
    }
  }

  String labelOf(int index) {
    return label(index);
  }

  private Type resultType() {
    return ResultTypes.of(
        id(),
        () -> {
          @SuppressWarnings("NullAway") // only the type of the call counts
          RecordedCall any = call.apply(expanded.isEmpty() ? null : expanded.get(0));
          return any;
        });
  }

  @Override
  Object valueOf(JsonNode value) {
    if (!value.isArray()) {
      throw new IllegalArgumentException(
          "The value of the mapped task '%s' is a list, not %s".formatted(id(), value));
    }
    Type type = resultType();
    List<R> list = new ArrayList<>();
    value.forEach(item -> list.add(Json.readStrictly(item, type)));
    return Collections.unmodifiableList(list);
  }

  @Override
  @SuppressWarnings("unchecked") // what valueOf has read
  void take(@Nullable Object value) {
    given = (List<R>) value;
  }

  private void itemEnded(int index, @Nullable R value, @Nullable RuntimeException failure) {
    if (failure == null) {
      ended.succeed(index, value);
    } else if (Failures.isSkip(failure)
        || (state() == NodeState.QUEUED && Failures.isCancel(failure))) {
      ended.skip(index);
    } else {
      countTries(failure);
      ended.fail(index, "%s: %s".formatted(names.of(index), Failures.messageOf(failure)));
    }
    someEnded();
  }

  /** Something of the task has ended. */
  void someEnded() {
    changed();
    endIfDone();
  }

  private void endIfDone() {
    if (state() != NodeState.RUNNING && state() != NodeState.QUEUED) {
      return;
    }
    MapWork current = work;
    if (ended.count() == ended.size()) {
      endIfComplete();
    } else if (current != null && current.isDone() && !life().isExecuting()) {
      boolean begun = state() != NodeState.QUEUED && ended.count() > 0;
      finish(begun ? NodeState.FAILED : NodeState.SKIPPED, DagRun.STOPPED);
    }
  }

  private void endIfComplete() {
    if (ended.count() < ended.size()) {
      return;
    }
    int ran = ended.size() - ended.skipped();
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
