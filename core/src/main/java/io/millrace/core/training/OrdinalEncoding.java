package io.millrace.core.training;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Codes one categorical feature by the rank of its value among the sorted distinct values seen when
 * it was fitted: 0 is the smallest value. A null or a value never seen is {@link #UNKNOWN}.
 *
 * <p>Values are compared as UTF-16 code units ({@link String#compareTo}), which for ASCII is also
 * what Python's {@code sorted} does.
 */
public final class OrdinalEncoding {
  /** The code of a null and of a value that was not there when the encoding was fitted. */
  public static final int UNKNOWN = -1;

  private final List<String> values;
  private final Map<String, Integer> codes;

  private OrdinalEncoding(List<String> values) {
    this.values = List.copyOf(values);
    this.codes = new HashMap<>(values.size() * 2);
    for (int code = 0; code < values.size(); code++) {
      if (codes.put(values.get(code), code) != null) {
        throw new IllegalArgumentException("Value '" + values.get(code) + "' has two codes.");
      }
    }
  }

  /** Fits the encoding to values in any order, repeated or null as they come. */
  public static OrdinalEncoding fit(Collection<? extends @Nullable String> values) {
    TreeSet<String> distinct = new TreeSet<>();
    for (String value : values) {
      if (value != null) {
        distinct.add(value);
      }
    }
    return new OrdinalEncoding(new ArrayList<>(distinct));
  }

  /** Restores an encoding from its values in code order. */
  public static OrdinalEncoding ofOrdered(List<String> values) {
    return new OrdinalEncoding(values);
  }

  /** The code of the value, or {@link #UNKNOWN}. */
  public int code(@Nullable String value) {
    return value == null ? UNKNOWN : codes.getOrDefault(value, UNKNOWN);
  }

  /** The values in code order. */
  public List<String> values() {
    return values;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof OrdinalEncoding that && values.equals(that.values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  @Override
  public String toString() {
    return "OrdinalEncoding" + values;
  }
}
