package io.millrace.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.engine.DagRunOps.Clear;
import io.millrace.engine.DagRunOps.ExternalEvent;
import io.millrace.engine.DagRunOps.GateAnswer;
import io.millrace.engine.DagRunOps.Hold;
import io.millrace.engine.DagRunOps.Mark;
import io.millrace.engine.RunReport.RunState;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.api.enums.v1.WorkflowIdConflictPolicy;
import io.temporal.api.enums.v1.WorkflowIdReusePolicy;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowExecutionAlreadyStarted;
import io.temporal.client.WorkflowExecutionMetadata;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.CanceledFailure;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Starts and watches runs of DAGs from outside, by the DAG's name.
 *
 * <p>Safe for use by many threads.
 */
public final class DagRuns {

  private static final String RUNNING = "RUNNING";
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int MAX_IDS = 100;
  private static final long MAX_COMPARED = 500;
  private static final long MAX_PAUSE_NANOS = 10_000_000;

  private final WorkflowClient client;
  private final String taskQueue;
  private final Duration patience;

  /**
   * Creates a client.
   *
   * @param taskQueue the queue whose workers know the DAGs
   */
  public DagRuns(WorkflowClient client, String taskQueue) {
    this(client, taskQueue, PATIENCE);
  }

  /** The same with the longest wait for a run to answer a question or an update. */
  public DagRuns(WorkflowClient client, String taskQueue, Duration patience) {
    this.client = client;
    this.taskQueue = taskQueue;
    this.patience = patience;
  }

  /**
   * One line about a run.
   *
   * @param runId the workflow id
   * @param dag the workflow type
   * @param state in the words that reports use; a run that was terminated or timed out has failed
   * @param endedAt null while it goes on
   * @param duration until its end, or until now
   * @param logicalDate the start of its data interval, if the server knows it
   */
  public record Listed(
      String runId,
      String dag,
      RunState state,
      Instant startedAt,
      @Nullable Instant endedAt,
      Duration duration,
      @Nullable Instant logicalDate) {

    static Listed of(WorkflowExecutionMetadata run, Instant now) {
      Instant ended = run.getCloseTime();
      OffsetDateTime date = run.getTypedSearchAttributes().get(SearchAttributes.LOGICAL_DATE);
      return new Listed(
          run.getExecution().getWorkflowId(),
          run.getWorkflowType(),
          RunStates.of(run),
          run.getStartTime(),
          ended,
          Duration.between(run.getStartTime(), ended == null ? now : ended),
          date == null ? null : date.toInstant());
    }
  }

  /**
   * Starts a run now.
   *
   * @param dag the DAG's name
   * @param params the params record or a JSON tree, or null for the defaults
   * @return the run's id, {@code <dag>-<UTC time>} as the runs of a Schedule have it
   */
  public String trigger(String dag, @Nullable Object params) {
    return startNow(dag, params, byHand(dag));
  }

  /** Two runs that start in the same millisecond have ids of different ones. */
  private String startNow(String dag, @Nullable Object params, WorkflowOptions.Builder options) {
    for (int tries = 1; ; tries++) {
      try {
        return start(dag, params, idOfNow(dag), options);
      } catch (WorkflowExecutionAlreadyStarted e) {
        if (tries == MAX_IDS) {
          throw e;
        }
        LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(MAX_PAUSE_NANOS));
      }
    }
  }

  private static String idOfNow(String dag) {
    return "%s-%s".formatted(dag, Instant.now().truncatedTo(ChronoUnit.MILLIS));
  }

  /** The same with a run id of the caller's; an id that was used before is refused. */
  public String trigger(String dag, @Nullable Object params, String id) {
    return start(dag, params, id, byHand(dag));
  }

  private WorkflowOptions.Builder byHand(String dag) {
    return WorkflowOptions.newBuilder()
        .setTaskQueue(taskQueue)
        .setStaticSummary("%s (by hand)".formatted(dag));
  }

  private String start(
      String dag, @Nullable Object params, String id, WorkflowOptions.Builder options) {
    WorkflowStub stub =
        client.newUntypedWorkflowStub(
            dag,
            options
                .setWorkflowId(id)
                .setStaticDetails(
                    "Tasks: `millrace runs show '%1$s'`; what one logged: `millrace runs logs '%1$s' TASK`"
                        .formatted(id))
                .setWorkflowIdReusePolicy(
                    WorkflowIdReusePolicy.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE)
                .setWorkflowIdConflictPolicy(
                    WorkflowIdConflictPolicy.WORKFLOW_ID_CONFLICT_POLICY_FAIL)
                .build());
    if (params == null) {
      stub.start();
    } else {
      stub.start(params);
    }
    return id;
  }

  /**
   * Waits until a run has ended.
   *
   * @return its report, of a successful or a failed run
   * @throws TimeoutException if it has not ended in time; the run goes on
   * @throws WorkflowFailedException if it ended without a report: cancelled, terminated, or failed
   *     before its graph was built
   */
  public RunReport await(String runId, Duration limit) throws TimeoutException {
    try {
      return client
          .newUntypedWorkflowStub(runId)
          .getResult(limit.toMillis(), TimeUnit.MILLISECONDS, RunReport.class);
    } catch (WorkflowFailedException e) {
      if (e.getCause() instanceof ApplicationFailure failure
          && failure.getType().equals(DagRun.FAILED)) {
        return failure.getDetails().get(RunReport.class);
      }
      throw e;
    }
  }

  /**
   * Reports a run's tasks as they are now; needs a worker that knows the DAG.
   *
   * @throws Refused if the run cannot go on, for example because its code no longer matches its
   *     history
   */
  public RunReport describe(String runId) {
    return RunUpdate.ask(client, patience, runId, "run", RunReport.class);
  }

  /** The report of a run that has ended, or of one that goes on as it is now. */
  RunReport lastReport(String runId) {
    if (status(runId).equals(RUNNING)) {
      return describe(runId);
    }
    try {
      return await(runId, PATIENCE);
    } catch (TimeoutException e) {
      return describe(runId);
    }
  }

  /** A run that does not take an update; the message says why. The run is as it was. */
  public static final class Refused extends IllegalStateException {
    private static final long serialVersionUID = 1;
    private final boolean ended;

    Refused(String message, boolean ended, @Nullable Throwable cause) {
      super(message, cause);
      this.ended = ended;
    }

    /** Whether it is refused because the run has ended. */
    public boolean hasEnded() {
      return ended;
    }
  }

  /**
   * Answers a gate; returns what was taken.
   *
   * @throws Refused if the gate does not take it, or the run has ended; so for all updates
   */
  public String answer(String runId, GateAnswer answer) {
    return update(runId, "answer", String.class, answer);
  }

  /** Does tasks again; returns which. */
  public List<String> clear(String runId, Clear request) {
    return List.of(update(runId, "clear", String[].class, request));
  }

  /** Sets a task's state by hand; returns what it is now. */
  public String mark(String runId, Mark request) {
    return update(runId, "mark", String.class, request);
  }

  /** Starts no further task of a run, or not the one that is named. */
  public String hold(String runId, Hold request) {
    return update(runId, "hold", String.class, request);
  }

  /** Lets a held run go on. */
  public String release(String runId, Hold request) {
    return update(runId, "release", String.class, request);
  }

  /** Brings what an {@link Event} task waits for; the run takes it when it gets there. */
  public void event(String runId, ExternalEvent event) {
    open(runId, "take an event");
    client.newUntypedWorkflowStub(runId).signal("event", event);
  }

  /** Cancels a run: its running tasks are asked to stop. */
  public void cancel(String runId) {
    open(runId, "be cancelled");
    client.newUntypedWorkflowStub(runId).cancel();
  }

  /**
   * Starts a new run of the same DAG for the same data interval, which takes over the results of a
   * run that has ended but for those of its failed tasks.
   *
   * @param params those that differ from the former run's, or null
   * @param clear tasks to do again besides, with all below them
   * @return the new run's id
   * @throws Refused if the former run goes on
   */
  public String rerun(
      String runId,
      @Nullable ObjectNode params,
      List<String> clear,
      @Nullable String by,
      @Nullable String why) {
    if (status(runId).equals(RUNNING)) {
      throw new Refused("run %s goes on; clear its tasks instead".formatted(runId), false, null);
    }
    RunInput former = RunInput.read(client, runId);
    return startNow(
        former.dag(),
        former.again(runId, params, clear, by, why),
        former
            .sameDate()
            .setTaskQueue(former.taskQueue())
            .setStaticSummary("%s (again)".formatted(former.dag())));
  }

  /**
   * The status of a run in Temporal's words, for example {@code COMPLETED}.
   *
   * @throws io.temporal.client.WorkflowNotFoundException if there is no such run
   */
  public String status(String runId) {
    return word(client.newUntypedWorkflowStub(runId).describe().getStatus());
  }

  /**
   * Lists runs, the one that started last first.
   *
   * @param query in the list filter language of Temporal's visibility, or empty for all runs
   * @param limit at most so many
   */
  public List<Listed> list(String query, int limit) {
    Instant now = Instant.now();
    // The server gives the open ones first and then those that ended last.
    try (Stream<WorkflowExecutionMetadata> runs = client.listExecutions(query)) {
      return runs.limit(Math.max(MAX_COMPARED, 2L * limit))
          .map(run -> Listed.of(run, now))
          .sorted(Comparator.comparing(Listed::startedAt).reversed())
          .limit(limit)
          .toList();
    }
  }

  private static String word(WorkflowExecutionStatus status) {
    return status.name().replace("WORKFLOW_EXECUTION_STATUS_", "");
  }

  private void open(String runId, String what) {
    String status = status(runId);
    if (!status.equals(RUNNING)) {
      throw new Refused(
          "run %s has ended (%s) and cannot %s".formatted(runId, RunStates.word(status), what),
          true,
          null);
    }
  }

  private <T> T update(String runId, String name, Class<T> type, Object request) {
    open(runId, "take the update '%s'".formatted(name));
    return RunUpdate.send(client, patience, runId, name, type, request);
  }

  /** Says why a run ended without a report. */
  public static String explain(WorkflowFailedException failure) {
    Throwable cause = failure.getCause();
    if (cause instanceof CanceledFailure) {
      return "cancelled";
    }
    return cause == null ? String.valueOf(failure.getMessage()) : Failures.messageOf(cause);
  }
}
