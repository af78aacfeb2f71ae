package io.millrace.engine;

import com.fasterxml.jackson.databind.JsonNode;
import io.temporal.activity.ActivityOptions;
import io.temporal.common.RetryOptions;
import io.temporal.failure.ApplicationFailure;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The results of an earlier run that this one takes over. */
final class FormerRun {

  static final FormerRun NONE = new FormerRun(Map.of(), Set.of());

  /** How the summary of the activity begins; the rest is the run's id. */
  static final String SUMMARY = "results of ";

  private static final int TRIES = 5;

  private final Map<String, JsonNode> results;
  private final Set<String> cleared;

  private FormerRun(Map<String, JsonNode> results, Set<String> cleared) {
    this.results = results;
    this.cleared = cleared;
  }

  /**
   * Reads what the options ask for.
   *
   * @throws ApplicationFailure if a task to clear is not in the graph
   */
  static FormerRun read(RunOptions options, Graph graph) {
    if (options.rerunOf() == null) {
      return NONE;
    }
    for (String task : options.clear()) {
      if (!graph.byId().containsKey(task)) {
        throw ApplicationFailure.newNonRetryableFailure(
            "%s.clear names '%s'; the tasks are %s"
                .formatted(RunOptions.FIELD, task, graph.byId().keySet()),
            Params.INVALID);
      }
    }
    FormerResults found =
        Workflow.newUntypedActivityStub(
                ActivityOptions.newBuilder()
                    .setSummary(SUMMARY + options.rerunOf())
                    .setStartToCloseTimeout(Duration.ofMinutes(2))
                    .setRetryOptions(RetryOptions.newBuilder().setMaximumAttempts(TRIES).build())
                    .build())
            .execute(FormerResultsReader.TYPE, FormerResults.class, options.rerunOf());
    return new FormerRun(found.results(), Set.copyOf(options.clear()));
  }

  /**
   * What a call made.
   *
   * @param summary {@code task} or {@code task[item]}
   * @return null if it is to be made again: there is nothing, or it is of another type today, or a
   *     check that did not pass
   */
  @SuppressWarnings("TypeParameterUnusedInFormals") // the recorded call says what it is
  <R> @Nullable R result(String summary, RecordedCall call) {
    try {
      R result = Json.read(results.get(summary), call.resultType());
      return result instanceof CheckReport check && !check.passed() ? null : result;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** What a gate was answered, or what an event brought. */
  @Nullable JsonNode input(String taskId) {
    return results.get(taskId);
  }

  boolean isEmpty() {
    return results.isEmpty();
  }

  boolean isCleared(String taskId) {
    return cleared.contains(taskId);
  }
}
