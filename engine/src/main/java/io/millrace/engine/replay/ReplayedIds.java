package io.millrace.engine.replay;

import java.util.Arrays;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A stored history is replayed under ids that are not the run's own: the SDK makes up the run id,
 * and histories of the in-memory server do not have the workflow id. Arguments and summaries may
 * contain both.
 */
final class ReplayedIds {

  private static final Map<String, String> PATTERNS =
      Map.of("run_id_in_replay", "[0-9a-f-]{36}", ReplayCheck.UNKNOWN_WORKFLOW_ID, ".+");

  private ReplayedIds() {}

  /** Whether two texts differ at most in the ids of the run. */
  static boolean agree(String recorded, String current) {
    if (recorded.equals(current)) {
      return true;
    }
    if (PATTERNS.keySet().stream().noneMatch(current::contains)) {
      return false;
    }
    String pattern = Pattern.quote(current);
    for (Map.Entry<String, String> id : PATTERNS.entrySet()) {
      pattern =
          Arrays.stream(pattern.split(id.getKey(), -1))
              .collect(Collectors.joining("\\E" + id.getValue() + "\\Q"));
    }
    return recorded.matches("(?s)" + pattern);
  }
}
