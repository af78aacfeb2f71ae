package io.millrace.engine;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the tasks of a run made, or a part of it.
 *
 * @param calls what was done, in the order of its end
 * @param next from which call on the next part is, or null if there is none
 * @param results only from builds before 2026-12: results by the summary of the call
 */
public record PriorResults(
    @Nullable List<PriorCall> calls,
    @Nullable Integer next,
    @Nullable Map<String, JsonNode> results) {

  static PriorResults of(List<PriorCall> calls, @Nullable Integer next) {
    return new PriorResults(List.copyOf(calls), next, null);
  }
}
