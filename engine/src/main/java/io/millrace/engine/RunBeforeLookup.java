package io.millrace.engine;

import io.temporal.activity.Activity;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowQueryException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Asks the run before itself, with the client of the worker that runs the activity. */
final class RunBeforeLookup implements RunBeforeReader {

  private static final Duration LIMIT = Duration.ofSeconds(5);

  @Override
  public Answer read(Question question) {
    WorkflowClient client = Activity.getExecutionContext().getWorkflowClient();
    Map<String, String> blocked = blocked(client, question);
    if (blocked.equals(question.known())) {
      throw NotReady.because("waits for " + String.join("; ", blocked.values()));
    }
    return new Answer(blocked);
  }

  private static Map<String, String> blocked(WorkflowClient client, Question question) {
    Optional<String> before = new DatedRuns(client, question.dag()).before(question);
    if (before.isEmpty()) {
      return question.certain()
          ? all(question, "%s-%s to begin".formatted(question.dag(), question.adjacent()))
          : Map.of();
    }
    RunReport report = report(client, before.get());
    return report == null
        ? all(question, "a rerun of %s, which ended without a report".formatted(before.get()))
        : blocked(question, report);
  }

  private static Map<String, String> all(Question question, String reason) {
    Map<String, String> blocked = new TreeMap<>();
    question.tasks().forEach(wanted -> blocked.put(wanted.task(), reason));
    return blocked;
  }

  static Map<String, String> blocked(Question question, RunReport before) {
    Map<String, NodeState> states = new HashMap<>();
    before.tasks().forEach(task -> states.put(task.id(), task.state()));
    Map<String, String> blocked = new TreeMap<>();
    for (Wanted wanted : question.tasks()) {
      // A task that the run before did not have is new.
      if (states.containsKey(wanted.task())) {
        Stream.concat(Stream.of(wanted.task()), wanted.below().stream())
            .flatMap(task -> reason(task, states.get(task), before.runId()).stream())
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

  /** How a run stands or ended; null if it cannot tell. */
  private static @Nullable RunReport report(WorkflowClient client, String runId) {
    DagRuns runs = new DagRuns(client, "");
    return switch (runs.status(runId)) {
      case "RUNNING" -> runs.describe(runId);
      case "CANCELED" -> ofCancelled(runs, runId);
      default -> ofClosed(runs, runId);
    };
  }

  /** It has left no report, but its worker can still make one. */
  private static @Nullable RunReport ofCancelled(DagRuns runs, String runId) {
    try {
      return runs.describe(runId);
    } catch (WorkflowQueryException e) {
      return null;
    }
  }

  private static @Nullable RunReport ofClosed(DagRuns runs, String runId) {
    try {
      return runs.await(runId, LIMIT);
    } catch (TimeoutException e) {
      throw NotReady.because("%s was started again just now".formatted(runId));
    } catch (WorkflowFailedException e) {
      return null;
    }
  }
}
