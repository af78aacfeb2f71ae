package io.millrace.engine;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * How the items of a mapped task have ended.
 *
 * @param <R> the type of one result
 */
final class Items<R> {

  private final List<@Nullable R> results = new ArrayList<>();
  private final List<Boolean> succeeded = new ArrayList<>();
  private final Map<Integer, String> failures = new TreeMap<>();
  private int successes;
  private int skipped;

  /** Starts anew, unless there are so many items already. */
  void expect(int size) {
    if (size == size()) {
      return;
    }
    forget(false);
    results.addAll(Collections.nCopies(size, null));
    succeeded.addAll(Collections.nCopies(size, false));
  }

  void succeed(int index, @Nullable R result) {
    results.set(index, result);
    succeeded.set(index, true);
    successes++;
  }

  void skip() {
    skipped++;
  }

  void fail(int index, String why) {
    failures.put(index, why);
  }

  void forget(boolean keepsWhatSucceeded) {
    failures.clear();
    skipped = 0;
    if (!keepsWhatSucceeded) {
      results.clear();
      succeeded.clear();
      successes = 0;
    }
  }

  int size() {
    return results.size();
  }

  /** Those that have not succeeded. */
  List<Integer> open() {
    return IntStream.range(0, size()).filter(index -> !succeeded.get(index)).boxed().toList();
  }

  /** What those that succeeded returned, in the order of the items. */
  List<R> results() {
    return results.stream().filter(Objects::nonNull).toList();
  }

  /** Those that have ended, however. */
  int count() {
    return successes + skipped + failures.size();
  }

  int succeeded() {
    return successes;
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
    int success = successes;
    if (task == NodeState.FAILED) {
      failed = size() - success - skipped;
    } else if (tolerant) {
      success += task == NodeState.SUCCESS ? failed : 0;
      failed = 0;
    }
    return new UpstreamCounts(size(), success, skipped, failed, 0);
  }

  /** What is to be told of a success. */
  String total() {
    return failures.isEmpty()
        ? ""
        : "%d of %d items failed and were tolerated".formatted(failures.size(), size());
  }
}
