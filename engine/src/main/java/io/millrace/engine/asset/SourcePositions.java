package io.millrace.engine.asset;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How far each outside log was taken. Of the logs, the last that were used are kept: at most
 * {@value #MAX_POSITIONS}, and names of at most {@value #MAX_BYTES} bytes.
 */
final class SourcePositions {

  static final int MAX_POSITIONS = 1_000;
  static final int MAX_BYTES = 100_000;

  private final Map<String, Long> taken = new LinkedHashMap<>();
  private int bytes;

  Map<String, Long> state() {
    return new LinkedHashMap<>(taken);
  }

  /** The number of the last record that was taken, or -1. */
  long of(String source) {
    return taken.getOrDefault(source, -1L);
  }

  void put(String source, long position) {
    if (taken.remove(source) != null) {
      bytes -= size(source);
    }
    taken.put(source, position);
    bytes += size(source);
    while (taken.size() > MAX_POSITIONS || (bytes > MAX_BYTES && taken.size() > 1)) {
      String oldest = taken.keySet().iterator().next();
      taken.remove(oldest);
      bytes -= size(oldest);
    }
  }

  private static int size(String source) {
    return JsonSize.of(source) + Long.toString(Long.MAX_VALUE).length();
  }
}
