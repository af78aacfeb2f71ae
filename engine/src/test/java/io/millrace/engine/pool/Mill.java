package io.millrace.engine.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.millrace.engine.DagWorkers;
import io.millrace.engine.pool.Porter.Job;
import io.millrace.engine.pool.Porter.Scales;
import io.millrace.engine.toys.StandingClock;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.worker.Worker;
import java.time.Duration;
import java.util.List;
import java.util.NoSuchElementException;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** One pool, and runs that want its slots, on any server. */
final class Mill {

  final Pools pools;
  final Scales scales = new Scales();
  private final WorkflowClient client;
  private final String queue;
  private final String pool;

  Mill(WorkflowClient client, String queue, String pool) {
    this.client = client;
    this.queue = queue;
    this.pool = pool;
    this.pools = new Pools(client, queue);
  }

  /** On a server in memory, whose clock runs as fast as a clock unless a test sleeps. */
  static Mill on(TestWorkflowEnvironment server) {
    return new Mill(StandingClock.client(server.getWorkflowClient()), "mill", "ramp");
  }

  void register(Worker worker) {
    DagWorkers.register(worker, Keeper.Impl.class, Porter.Impl.class);
    worker.registerActivitiesImplementations(scales);
  }

  /** Starts the pool with settings of its own. */
  void startPool(PoolState state) {
    client
        .newUntypedWorkflowStub(
            PoolWorkflow.TYPE,
            mortal(WorkflowOptions.newBuilder(PoolWorkflow.options(pool, queue))))
        .start(state);
  }

  /** Sets the size of the pool. */
  PoolReport set(int slots) {
    return pools.set(pool, slots);
  }

  PoolReport report() {
    return pools.report(pool).orElseThrow();
  }

  /** The workflow ids of those that have slots. */
  List<String> holders() {
    return report().leases().stream().map(PoolReport.Row::run).toList();
  }

  WorkflowStub poolStub() {
    return client.newUntypedWorkflowStub(PoolWorkflow.id(pool));
  }

  /** Starts a run that keeps slots until it leaves. */
  WorkflowStub keeper(String id, int slots) {
    return keeper(id, Claim.of(pool, slots, "keep"));
  }

  WorkflowStub keeper(String id, Claim claim) {
    return started("keeper", id, claim, List.of());
  }

  /** Starts a run of tasks that each take slots for a time. */
  WorkflowStub porter(String id, int sacks, int slots, int millis) {
    return porter(id, new Job(pool, sacks, slots, millis));
  }

  WorkflowStub porter(String id, Job job) {
    return started("porter", id, job);
  }

  private WorkflowStub started(String type, String id, Object... input) {
    WorkflowStub stub =
        client.newUntypedWorkflowStub(
            type, mortal(WorkflowOptions.newBuilder().setTaskQueue(queue).setWorkflowId(id)));
    stub.start(input);
    return stub;
  }

  /** What a worker had in hand when it was killed is done again soon, and not after 10 s. */
  private static WorkflowOptions mortal(WorkflowOptions.Builder options) {
    return options.setWorkflowTaskTimeout(Duration.ofSeconds(2)).build();
  }

  /** A pool amid a continue-as-new, or on a busy machine, may not answer for a moment. */
  static ConditionFactory await() {
    return Awaitility.await()
        .ignoreExceptionsMatching(
            e ->
                e instanceof NoSuchElementException
                    || Status.fromThrowable(e).getCode() == Status.Code.DEADLINE_EXCEEDED);
  }

  void awaitHeld(String keeper, int count) {
    await().until(() -> held(keeper) == count);
  }

  void awaitWaiting(int count) {
    await().until(() -> report().waiting() == count);
  }

  void awaitUsed(int count) {
    await().until(() -> report().used() == count);
  }

  void awaitIdle() {
    await()
        .untilAsserted(
            () ->
                assertThat(report()).returns(0, PoolReport::used).returns(0, PoolReport::waiting));
  }

  /** How many leases a keeper thinks it has. */
  int held(String keeper) {
    return client.newUntypedWorkflowStub(keeper).query("held", Integer.class);
  }

  /** Lets a keeper go and waits for its end. */
  void leave(String keeper) {
    WorkflowStub stub = client.newUntypedWorkflowStub(keeper);
    stub.signal("leave");
    stub.getResult(Object.class);
  }

  /** The run that is open under a workflow id. */
  String runOf(String workflowId) {
    return client.newUntypedWorkflowStub(workflowId).describe().getExecution().getRunId();
  }

  String runOfPool() {
    return runOf(PoolWorkflow.id(pool));
  }
}
