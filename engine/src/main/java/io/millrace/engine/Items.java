package io.millrace.engine;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * How the items of a mapped task stand.
 *
 * @param <R> the type of one result
 */
final class Items<R> {

  /** How one item stands; {@code OPEN} until it has ended. */
  enum State {
    OPEN,
    SUCCESS,
    FAILED,
    SKIPPED
  }

  private final List<@Nullable R> results = new ArrayList<>();
  private final List<State> states = new ArrayList<>();
  private final Map<Integer, String> failures = new TreeMap<>();
  private final Set<Integer> withoutResult = new TreeSet<>();
  private int open;
  private int skipped;

  /** Begins with so many open items, unless there are so many already. */
  void expect(int size) {
    if (size == size()) {
      return;
    }
    forget();
    results.addAll(Collections.nCopies(size, null));
    states.addAll(Collections.nCopies(size, State.OPEN));
    open = size;
  }

  State state(int index) {
    return states.get(index);
  }

  void succeed(int index, @Nullable R result) {
    set(index, State.SUCCESS);
    results.set(index, result);
  }

  void skip(int index) {
    set(index, State.SKIPPED);
  }

  void fail(int index, String why) {
    set(index, State.FAILED);
    failures.put(index, why);
  }

  /**
   * Ends all items that are not in a state by hand. One that becomes a success has no result, not
   * even null.
   *
   * @param what is said of those that fail
   */
  void endAll(State end, String what) {
    for (int i = 0; i < size(); i++) {
      if (states.get(i) == end) {
        continue;
      }
      set(i, end);
      if (end == State.FAILED) {
        failures.put(i, what);
      } else if (end == State.SUCCESS) {
        withoutResult.add(i);
      }
    }
  }

  /** Forgets how an item ended. */
  void reopen(int index) {
    set(index, State.OPEN);
  }

  private void set(int index, State state) {
    State before = states.set(index, state);
    open += (state == State.OPEN ? 1 : 0) - (before == State.OPEN ? 1 : 0);
    skipped += (state == State.SKIPPED ? 1 : 0) - (before == State.SKIPPED ? 1 : 0);
    failures.remove(index);
    withoutResult.remove(index);
    results.set(index, null);
  }

  void forget() {
    failures.clear();
    withoutResult.clear();
    results.clear();
    states.clear();
    skipped = 0;
    open = 0;
  }

  int size() {
    return states.size();
  }

  /** Those that have not ended. */
  List<Integer> open() {
    return in(State.OPEN);
  }

  List<Integer> in(State state) {
    return IntStream.range(0, size()).filter(i -> states.get(i) == state).boxed().toList();
  }

  /** What those that succeeded returned, in the order of the items; null where nothing was. */
  List<R> results() {
    List<R> succeeded = new ArrayList<>();
    for (int i = 0; i < size(); i++) {
      if (states.get(i) == State.SUCCESS && !withoutResult.contains(i)) {
        succeeded.add(results.get(i));
      }
    }
    return Collections.unmodifiableList(succeeded);
  }

  /** Those that have ended, however. */
  int count() {
    return size() - open;
  }

  int succeeded() {
    return count() - skipped - failures.size();
  }

  int skipped() {
    return skipped;
  }

  /** What each failed item said, by its index. */
  Map<Integer, String> failures() {
    return failures;
  }

  /**
   * How they count for the tasks below.
   *
   * @param task the state of the task that they belong to
   * @param tolerant whether it may succeed though items failed
   */
  UpstreamCounts counts(NodeState task, boolean tolerant) {
    int failed = failures.size();
    int success = succeeded();
    if (task == NodeState.FAILED) {
      failed = size() - success - skipped;
    } else if (tolerant) {
      success += task == NodeState.SUCCESS ? failed : 0;
      failed = 0;
    }
    return new UpstreamCounts(size(), success, skipped, failed, 0);
  }

  /** What is said of a success. */
  String total() {
    return failures.isEmpty()
        ? ""
        : "%d of %d items failed and were tolerated".formatted(failures.size(), size());
  }
}
