package io.millrace.engine;

import io.millrace.engine.RunAfterSignals.RunAfter;
import io.temporal.activity.Activity;
import io.temporal.activity.ActivityExecutionContext;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowExecutionMetadata;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowNotFoundException;
import io.temporal.client.WorkflowQueryException;
import io.temporal.client.WorkflowTargetOptions;
import io.temporal.failure.ApplicationFailure;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Asks the run before itself, with the client of the worker that runs the activity; and asks one
 * that goes on to signal what changes.
 */
final class PreviousRunLookup implements PreviousRunReader {

  private static final Duration LIMIT = Duration.ofSeconds(5);

  /** The run before has been started already, or is being started now. */
  private static final Duration SOON = Duration.ofMillis(200);

  /** A rerun of one that has ended may begin at any time, and no run signals that. */
  private static final Duration CLOSED = Duration.ofSeconds(5);

  /** One that goes on signals its changes, but may be terminated. */
  private static final Duration REGISTERED = Duration.ofSeconds(30);

  @Override
  public Answer read(Question question) {
    ActivityExecutionContext context = Activity.getExecutionContext();
    WorkflowClient client = context.getWorkflowClient();
    Optional<WorkflowExecutionMetadata> before =
        new RunsByLogicalDate(client, question.dag()).before(question);
    if (before.isEmpty()) {
      Map<String, String> none =
          question.certain()
              ? all(question, "%s-%s to begin".formatted(question.dag(), question.adjacent()))
              : Map.of();
      return answer(question, none, null, soon(context.getInfo().getAttempt()));
    }
    DagRuns runs = new DagRuns(client, "", LIMIT);
    WorkflowExecution execution = before.get().getExecution();
    if (before.get().getStatus() == WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING) {
      Map<String, String> blocked = blocked(question, runs.describe(execution.getWorkflowId()));
      String registered = "%s/%s".formatted(execution.getWorkflowId(), execution.getRunId());
      if (blocked.isEmpty()
          || register(client, context, question, registered, execution, blocked)) {
        return answer(question, blocked, registered, REGISTERED);
      }
    }
    RunReport report = ofEnded(runs, execution.getWorkflowId());
    return answer(
        question,
        report == null
            ? all(
                question,
                "a rerun of %s, which ended without a report".formatted(execution.getWorkflowId()))
            : blocked(question, report),
        null,
        CLOSED);
  }

  /**
   * Answers, if there is anything new.
   *
   * @param again when to look again if not
   */
  private static Answer answer(
      Question question, Map<String, String> blocked, @Nullable String registered, Duration again) {
    boolean tellsNow = registered == null || registered.equals(question.registered());
    if (blocked.equals(question.known()) && tellsNow) {
      ApplicationFailure same =
          NotReady.because("waits for " + String.join("; ", blocked.values()));
      same.setNextRetryDelay(again);
      throw same;
    }
    return new Answer(blocked, registered);
  }

  private static Duration soon(int attempt) {
    Duration delay = SOON.multipliedBy(1L << Math.min(attempt - 1, 10));
    return delay.compareTo(CLOSED) < 0 ? delay : CLOSED;
  }

  /**
   * Asks the run before to signal what changes, once.
   *
   * @return false if it has ended meanwhile
   */
  private static boolean register(
      WorkflowClient client,
      ActivityExecutionContext context,
      Question question,
      String registered,
      WorkflowExecution before,
      Map<String, String> blocked) {
    if (registered.equals(question.registered())) {
      return true;
    }
    RunAfter after =
        new RunAfter(context.getInfo().getWorkflowId(), registered, question.tasks(), blocked);
    try {
      client
          .newUntypedWorkflowStub(
              WorkflowTargetOptions.newBuilder().setWorkflowExecution(before).build())
          .signal(RunAfterSignals.SIGNAL, after);
      return true;
    } catch (WorkflowNotFoundException e) {
      return false;
    }
  }

  private static Map<String, String> all(Question question, String reason) {
    Map<String, String> blocked = new TreeMap<>();
    question.tasks().forEach(wanted -> blocked.put(wanted.task(), reason));
    return blocked;
  }

  static Map<String, String> blocked(Question question, RunReport before) {
    Map<String, NodeState> states = new HashMap<>();
    before.tasks().forEach(task -> states.put(task.id(), task.state()));
    return PastRule.blocked(question.tasks(), states, before.runId());
  }

  /** How a run ended; null if that is not known. */
  private static @Nullable RunReport ofEnded(DagRuns runs, String runId) {
    return switch (runs.status(runId)) {
      case "CANCELED" -> ofCancelled(runs, runId);
      case "TERMINATED", "TIMED_OUT" -> null;
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
