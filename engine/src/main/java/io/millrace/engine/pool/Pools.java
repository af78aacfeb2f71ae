package io.millrace.engine.pool;

import io.millrace.engine.deployment.Answers;
import io.millrace.engine.deployment.Together;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.client.UpdateOptions;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowExecutionMetadata;
import io.temporal.client.WorkflowNotFoundException;
import io.temporal.client.WorkflowServiceException;
import io.temporal.client.WorkflowStub;
import io.temporal.client.WorkflowUpdateStage;
import io.temporal.client.WorkflowUpdateTimeoutOrCancelledException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sets and shows pools from outside.
 *
 * <p>A pool exists from the first time that it is named. Until its size is declared, it has one
 * slot: too few is seen at once, too many only by whom the pool should have protected. The pool
 * {@value #DEFAULT_POOL} has {@value #DEFAULT_POOL_SLOTS}, as Airflow's.
 *
 * <p>All but {@link #declare} needs a worker that polls the task queue. Safe for use by many
 * threads.
 */
public final class Pools {

  /** The pool for tasks that name none in particular. */
  public static final String DEFAULT_POOL = "default_pool";

  /** The slots of {@link #DEFAULT_POOL} until another number is declared. */
  public static final int DEFAULT_POOL_SLOTS = 128;

  private static final Logger logger = LoggerFactory.getLogger(Pools.class);
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final WorkflowClient client;
  private final String taskQueue;
  private final Duration limit;

  /**
   * Creates a client.
   *
   * @param taskQueue the queue whose workers run pools, where new ones are started
   */
  public Pools(WorkflowClient client, String taskQueue) {
    this(client, taskQueue, LIMIT);
  }

  Pools(WorkflowClient client, String taskQueue, Duration limit) {
    this.client = client;
    this.taskQueue = taskQueue;
    this.limit = limit;
  }

  static int undeclaredSlots(String pool) {
    return pool.equals(DEFAULT_POOL) ? DEFAULT_POOL_SLOTS : 1;
  }

  /**
   * Sets a pool's size. Nothing that is in use is taken away: if that is more than the new size,
   * nothing more is granted until enough has come back.
   *
   * @param slots 0 or more; with 0 every request waits
   * @return the pool with its new size
   * @throws IllegalStateException if the pool does not answer within 10 s, for want of a worker
   */
  public PoolReport set(String pool, int slots) {
    PoolWorkflowImpl.requireSize(pool, slots);
    return update(pool, "resize", slots);
  }

  /**
   * Says what a pool's slots stand for.
   *
   * @param description at most 500 characters; blank takes it back
   * @throws IllegalStateException as {@link #set}
   */
  public PoolReport describe(String pool, String description) {
    return update(pool, "describe", description);
  }

  /**
   * Deletes a pool: it refuses new requests, serves what waits, and is gone when nothing is in use.
   * A task that names it after that begins a new one, of undeclared size.
   *
   * @return the pool as it was when asked, or nothing if there is none
   * @throws IllegalArgumentException for {@link #DEFAULT_POOL}, which every task may count on
   */
  public Optional<PoolReport> delete(String pool) {
    if (pool.equals(DEFAULT_POOL)) {
      throw new IllegalArgumentException(
          "Pool '%s' cannot be deleted; set its slots instead".formatted(pool));
    }
    Optional<PoolReport> found = report(pool);
    found.ifPresent(report -> client.newUntypedWorkflowStub(PoolWorkflow.id(pool)).cancel());
    return found;
  }

  private PoolReport update(String pool, String name, Object argument) {
    UpdateOptions<PoolReport> update =
        UpdateOptions.newBuilder(PoolReport.class)
            .setUpdateName(name)
            .setWaitForStage(WorkflowUpdateStage.COMPLETED)
            .build();
    try {
      return Answers.within(
          limit,
          () ->
              stub(pool)
                  .executeUpdateWithStart(
                      update, new Object[] {argument}, new Object[] {PoolState.undeclared()}));
    } catch (WorkflowServiceException e) {
      if (e.getCause() instanceof WorkflowUpdateTimeoutOrCancelledException) {
        throw new IllegalStateException(
            "Pool '%s' has not answered within %s: does a worker poll the task queue '%s'?"
                .formatted(pool, limit, taskQueue),
            e);
      }
      throw e;
    }
  }

  /**
   * Sets a pool's size if it was not set before, so that what an operator set stays. It returns at
   * once and takes effect when a worker polls, so a worker can declare before it starts.
   *
   * @param slots 0 or more
   */
  public void declare(String pool, int slots) {
    PoolWorkflowImpl.requireSize(pool, slots);
    stub(pool)
        .signalWithStart("declare", new Object[] {slots}, new Object[] {PoolState.undeclared()});
  }

  /** Reports a pool, if there is one of that name. */
  public Optional<PoolReport> report(String pool) {
    Claim.requireName(pool);
    try {
      WorkflowStub stub = client.newUntypedWorkflowStub(PoolWorkflow.id(pool));
      // One that has ended would still answer.
      return stub.describe().getStatus()
              == WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING
          ? Optional.of(Answers.within(limit, () -> stub.query("pool", PoolReport.class)))
          : Optional.empty();
    } catch (WorkflowNotFoundException e) {
      return Optional.empty();
    }
  }

  /**
   * All pools of the namespace.
   *
   * @param pools those that answered, by name
   * @param unanswered the names of the others: no worker polls their task queue
   */
  public record Listing(List<PoolReport> pools, List<String> unanswered) {
    public Listing {
      pools = List.copyOf(pools);
      unanswered = List.copyOf(unanswered);
    }
  }

  /**
   * Reports every pool. One without a worker does not keep the others from being listed. A new pool
   * may take a second to appear.
   */
  public Listing list() {
    String query = "WorkflowType='%s' AND ExecutionStatus='Running'".formatted(PoolWorkflow.TYPE);
    List<String> names;
    try (Stream<WorkflowExecutionMetadata> running = client.listExecutions(query)) {
      names =
          running
              .map(pool -> pool.getExecution().getWorkflowId().replaceFirst("^pool/", ""))
              .sorted()
              .toList();
    }
    Set<String> unanswered = ConcurrentHashMap.newKeySet();
    List<Optional<PoolReport>> reports =
        Together.each(
            names,
            name -> {
              try {
                return report(name);
              } catch (WorkflowServiceException e) {
                if (!Answers.isWithoutWorker(e)) {
                  throw e;
                }
                logger.debug("Pool {} does not answer", name, e);
                unanswered.add(name);
                return Optional.empty();
              }
            });
    return new Listing(
        reports.stream().flatMap(Optional::stream).toList(),
        names.stream().filter(unanswered::contains).toList());
  }

  private WorkflowStub stub(String pool) {
    Claim.requireName(pool);
    return client.newUntypedWorkflowStub(PoolWorkflow.TYPE, PoolWorkflow.options(pool, taskQueue));
  }
}
