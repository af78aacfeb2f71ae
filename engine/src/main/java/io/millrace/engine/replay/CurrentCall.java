package io.millrace.engine.replay;

import io.millrace.engine.MapChunk;
import io.temporal.common.converter.DataConverter;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the code calls now.
 *
 * @param type the activity or workflow type
 * @param summary {@code task} or {@code task[item]}; null for what the engine does for itself
 * @param args the arguments as given
 * @param converter what encodes them, in the context of this call
 */
record CurrentCall(
    String type, @Nullable String summary, List<@Nullable Object> args, DataConverter converter) {

  private static final String OWN = "millrace_";

  static CurrentCall of(
      String type, @Nullable String summary, @Nullable Object[] args, DataConverter converter) {
    return new CurrentCall(
        type, summary, Collections.unmodifiableList(Arrays.asList(args)), converter);
  }

  /** Whether it is a task's, and not one that the engine makes for itself. */
  boolean isTask() {
    return summary != null && (isChunk() || !type.startsWith(OWN));
  }

  /** Whether it is a child run for some items of a mapped task. */
  boolean isChunk() {
    return type.equals(MapChunk.TYPE);
  }
}
