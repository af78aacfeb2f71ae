package io.millrace.engine;

import io.millrace.engine.PreviousRunReader.Wanted;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The rule of tasks that depend on the past, as Airflow's {@code depends_on_past} and {@code
 * wait_for_downstream}: a task starts when the same task of the previous run, and the tasks right
 * below it there if it asks for them, have succeeded or were skipped.
 */
final class PastRule {

  private PastRule() {}

  /**
   * What tasks wait for.
   *
   * @param states of the previous run's tasks, by their ids; one that it did not have is new
   * @param runId the previous run
   * @return the reason of each task that must wait; the others may start
   */
  static Map<String, String> blocked(
      List<Wanted> tasks, Map<String, NodeState> states, String runId) {
    Map<String, String> blocked = new TreeMap<>();
    for (Wanted wanted : tasks) {
      if (states.containsKey(wanted.task())) {
        Stream.concat(Stream.of(wanted.task()), wanted.below().stream())
            .flatMap(task -> reason(task, states.get(task), runId).stream())
            .findFirst()
            .ifPresent(reason -> blocked.put(wanted.task(), reason));
      }
    }
    return blocked;
  }

  /** Says no more of a task that has not ended than that: every other answer costs history. */
  private static Optional<String> reason(String task, @Nullable NodeState state, String runId) {
    if (state == null || state == NodeState.SUCCESS || state == NodeState.SKIPPED) {
      return Optional.empty();
    }
    return Optional.of(
        state.isTerminal()
            ? "%s of %s, which is %s".formatted(task, runId, state.words())
            : "%s of %s to end".formatted(task, runId));
  }
}
