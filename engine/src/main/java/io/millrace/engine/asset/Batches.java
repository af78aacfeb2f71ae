package io.millrace.engine.asset;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;

/** Cuts lists into parts that the server takes. */
final class Batches {

  /**
   * Of one call: a workflow's arguments may have 1,048,576 bytes, and sizes are counted roughly.
   */
  static final int MAX_BYTES = 900_000;

  private Batches() {}

  /**
   * Cuts a list into what goes in one call, its order kept.
   *
   * @param max elements of a part
   * @param bytes how large an element is; the parts have at most {@link #MAX_BYTES}, but for an
   *     element that is larger by itself
   */
  static <T> List<List<T>> of(List<? extends T> all, int max, ToIntFunction<? super T> bytes) {
    return of(all, max, MAX_BYTES, bytes);
  }

  /** The same with parts of less than a call may have. */
  static <T> List<List<T>> of(
      List<? extends T> all, int max, int maxBytes, ToIntFunction<? super T> bytes) {
    List<List<T>> parts = new ArrayList<>();
    List<T> part = new ArrayList<>();
    long size = 0;
    for (T one : all) {
      int more = bytes.applyAsInt(one);
      if (!part.isEmpty() && (part.size() == max || size + more > maxBytes)) {
        parts.add(List.copyOf(part));
        part.clear();
        size = 0;
      }
      part.add(one);
      size += more;
    }
    if (!part.isEmpty()) {
      parts.add(List.copyOf(part));
    }
    return parts;
  }
}
