package io.millrace.activities.lake;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Objects under a prefix that are no data, by their names: those that Spark, Hadoop and Flink pass
 * over, too. The rule: every other object is loaded, or rejected with a reason; these are counted
 * and named, and the ledger has them as ignored.
 */
final class NoData {
  private static final int MAX_NAMED = 5;
  private static final List<String> UNFINISHED = List.of(".tmp", ".inprogress", "._COPYING_");

  private final List<String> named = new ArrayList<>();
  private int count;

  /**
   * Why an object is no data; empty if it is data.
   *
   * @param prefix which the key starts with; folders that it names are not looked at
   */
  static Optional<String> reason(String prefix, String key) {
    if (key.endsWith("/") || key.endsWith("_$folder$")) {
      return Optional.of("the mark of a folder");
    }
    String[] parts = key.substring(prefix.length()).split("/", -1);
    boolean inName = !prefix.isEmpty() && !prefix.endsWith("/");
    for (int i = inName ? 1 : 0; i < parts.length; i++) {
      // A folder such as _day=1 is a partition.
      if (parts[i].startsWith(".") || (parts[i].startsWith("_") && parts[i].indexOf('=') < 0)) {
        return Optional.of("hidden: %s begins with _ or a dot".formatted(parts[i]));
      }
    }
    return UNFINISHED.stream()
        .filter(key::endsWith)
        .findFirst()
        .map(ending -> "not finished: it ends with " + ending);
  }

  /** Counts one, and names it if it is among the first. */
  void add(String key, String reason) {
    count++;
    if (named.size() < MAX_NAMED) {
      named.add("%s (%s)".formatted(key, reason));
    }
  }

  boolean isEmpty() {
    return count == 0;
  }

  /** How many there are, and the first of them with the reason. */
  @Override
  public String toString() {
    return "%d ignored: %s%s"
        .formatted(count, String.join(", ", named), count > named.size() ? ", …" : "");
  }
}
