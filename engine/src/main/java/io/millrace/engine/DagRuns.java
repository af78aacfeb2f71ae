package io.millrace.engine;

import io.temporal.api.enums.v1.WorkflowIdConflictPolicy;
import io.temporal.api.enums.v1.WorkflowIdReusePolicy;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowExecutionMetadata;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.CanceledFailure;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Starts and watches runs of DAGs from outside, by the DAG's name.
 *
 * <p>Safe for use by many threads.
 */
public final class DagRuns {

  private final WorkflowClient client;
  private final String taskQueue;

  /**
   * Creates a client.
   *
   * @param taskQueue the queue whose workers know the DAGs
   */
  public DagRuns(WorkflowClient client, String taskQueue) {
    this.client = client;
    this.taskQueue = taskQueue;
  }

  /**
   * One line about a run.
   *
   * @param runId the workflow id
   * @param dag the workflow type
   * @param status Temporal's word, for example {@code COMPLETED}
   */
  public record Listed(String runId, String dag, String status, Instant startedAt) {}

  /**
   * Starts a run now.
   *
   * @param dag the DAG's name
   * @param params the params record or a JSON tree, or null for the defaults
   * @return the run's id, {@code <dag>-<UTC time>} as the runs of a Schedule have it
   */
  public String trigger(String dag, @Nullable Object params) {
    return trigger(
        dag, params, "%s-%s".formatted(dag, Instant.now().truncatedTo(ChronoUnit.MILLIS)));
  }

  /** The same with a run id of the caller's; an id that was used before is refused. */
  public String trigger(String dag, @Nullable Object params, String id) {
    WorkflowStub stub =
        client.newUntypedWorkflowStub(
            dag,
            WorkflowOptions.newBuilder()
                .setTaskQueue(taskQueue)
                .setWorkflowId(id)
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

  /** Reports a run's tasks as they are now; needs a worker that knows the DAG. */
  public RunReport describe(String runId) {
    return client.newUntypedWorkflowStub(runId).query("run", RunReport.class);
  }

  /** Cancels a run: its running tasks are asked to stop. */
  public void cancel(String runId) {
    client.newUntypedWorkflowStub(runId).cancel();
  }

  /**
   * Lists runs, the latest first.
   *
   * @param dag only runs of this DAG, or null for those of every workflow type
   * @param limit at most so many
   */
  public List<Listed> list(@Nullable String dag, int limit) {
    String query = dag == null ? "" : "WorkflowType = '%s'".formatted(dag.replace("'", ""));
    try (Stream<WorkflowExecutionMetadata> runs = client.listExecutions(query)) {
      return runs.limit(limit)
          .map(
              run ->
                  new Listed(
                      run.getExecution().getWorkflowId(),
                      run.getWorkflowType(),
                      run.getStatus().name().replace("WORKFLOW_EXECUTION_STATUS_", ""),
                      run.getStartTime()))
          .toList();
    }
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
