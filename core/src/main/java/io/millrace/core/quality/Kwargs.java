package io.millrace.core.quality;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Collects an expectation's parameters in order, without those that are not set. */
final class Kwargs {
  private final Map<String, Object> values = new LinkedHashMap<>();

  private Kwargs() {}

  static Kwargs of(String name, Object value) {
    return new Kwargs().and(name, value);
  }

  Kwargs and(String name, @Nullable Object value) {
    if (value != null) {
      values.put(name, value);
    }
    return this;
  }

  /** Checks and adds the share of values that must keep the rule. */
  static double checkMostly(double mostly) {
    if (!(mostly > 0 && mostly <= 1)) {
      throw new IllegalArgumentException("mostly must be above 0 and at most 1, but is " + mostly);
    }
    return mostly;
  }

  Map<String, Object> toMap() {
    return Collections.unmodifiableMap(values);
  }
}
