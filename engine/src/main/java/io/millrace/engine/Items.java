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

  /** Starts anew with so many items. */
  void expect(int size) {
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
}
