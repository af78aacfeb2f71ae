package io.millrace.activities.streaming;

import java.util.ArrayList;
import java.util.List;

/**
 * What was odd about an input, each with its place: the first {@value #MAX}, and how many more
 * there were. Thread-safe.
 */
public final class Remarks {
  static final int MAX = 20;

  private final List<String> first = new ArrayList<>();
  private long count;

  /** Adds one, which names its place. */
  public synchronized void add(String remark) {
    count++;
    if (first.size() < MAX) {
      first.add(remark);
    }
  }

  /** The first of them. */
  public synchronized List<String> first() {
    return List.copyOf(first);
  }

  /** How many there were beyond the first. */
  public synchronized long more() {
    return count - first.size();
  }
}
