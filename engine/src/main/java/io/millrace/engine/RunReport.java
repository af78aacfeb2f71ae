package io.millrace.engine;

import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What became of a run and of each of its tasks.
 *
 * @param dag the DAG
 * @param runId the Temporal workflow id
 * @param state of the run: queued, running, held, success, failed or cancelled
 * @param logicalDate the start of the data interval
 * @param intervalEnd the end of the data interval, exclusive
 * @param params the effective params as JSON
 * @param tasks each after those that it comes after
 * @param operations what people did to the run, in order
 * @param skipped why, if the run succeeded without having done anything: the last tasks were
 *     skipped, and no task has worked, or one with {@code skipRunOnSkip()} was skipped; else null
 */
public record RunReport(
    String dag,
    String runId,
    RunState state,
    Instant logicalDate,
    Instant intervalEnd,
    @JsonSerialize(using = ParamsJson.Writer.class)
        @JsonDeserialize(using = ParamsJson.Reader.class)
        String params,
    List<TaskReport> tasks,
    List<Operation> operations,
    @Nullable String skipped) {

  private static final int MAX_MESSAGE = 2_000;

  /** The state of a whole run. */
  public enum RunState {
    /** Waits for a slot of its schedule's {@code maxActiveRuns}. */
    QUEUED,
    RUNNING,
    /** Held by a person, or for its failures, and waits for one. */
    HELD,
    SUCCESS,
    FAILED,
    CANCELLED
  }

  public RunReport {
    tasks = List.copyOf(tasks);
    operations = operations == null ? List.of() : List.copyOf(operations);
  }

  /**
   * Finds a task's report.
   *
   * @throws IllegalArgumentException if the run has no such task
   */
  public TaskReport task(String id) {
    return tasks.stream()
        .filter(task -> task.id().equals(id))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("DAG %s has no task '%s'".formatted(dag, id)));
  }

  /** Names each failed task and its reason, and why the run was stopped if it was. */
  String failures(@Nullable String stopped) {
    String causes =
        tasks.stream()
            .filter(task -> task.state() == NodeState.FAILED)
            .map(task -> "%s failed: %s".formatted(task.id(), task.detail()))
            .collect(Collectors.joining("; "));
    String all =
        stopped == null ? causes : causes.isEmpty() ? stopped : "%s; %s".formatted(stopped, causes);
    return all.length() <= MAX_MESSAGE ? all : all.substring(0, MAX_MESSAGE) + "…";
  }
}
