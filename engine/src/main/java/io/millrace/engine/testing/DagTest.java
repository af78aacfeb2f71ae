package io.millrace.engine.testing;

import io.millrace.engine.DagRunOps;
import io.millrace.engine.DagRuns;
import io.millrace.engine.DagWorkers;
import io.millrace.engine.NodeState;
import io.millrace.engine.RunReport;
import io.millrace.engine.notify.Notification;
import io.millrace.engine.notify.NotifyInterceptor;
import io.millrace.engine.notify.NotifyWorkers;
import io.millrace.engine.payload.PayloadLimits;
import io.millrace.engine.payload.ResultLimit;
import io.temporal.api.history.v1.History;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowStub;
import io.temporal.common.WorkflowExecutionHistory;
import io.temporal.common.converter.DefaultDataConverter;
import io.temporal.common.converter.EncodedValues;
import io.temporal.common.interceptors.WorkerInterceptor;
import io.temporal.common.metadata.POJOWorkflowImplMetadata;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactoryOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Runs a DAG in this process, with time skipped and fakes in place of its activities.
 *
 * <pre>{@code
 * try (DagTest dag = DagTest.of(NightlyImpl.class)) {
 *   dag.fake("list_parts", args -> List.of(part)).fake("load", args -> new Loaded(10));
 *   RunReport report = dag.run(null);
 *   assertThat(report.task("verify").state()).isEqualTo(NodeState.SUCCESS);
 * }
 * }</pre>
 *
 * <p>Values have the limits of a server without a blob store ({@link PayloadLimits}): a result of 3
 * MB fails its task here as it does there.
 *
 * <p>A task without a fake fails the test: {@link #run} throws an {@link AssertionError} that names
 * it. Needs {@code temporal-testing} on the class path.
 */
public final class DagTest implements AutoCloseable {

  private final TestWorkflowEnvironment server;
  private final TaskIdHeader header = new TaskIdHeader();
  private final String dag;
  private final Class<?>[] implementations;
  private final FakeTasks fakes = new FakeTasks(header);
  private final Collection<Notification> notifications = new ConcurrentLinkedQueue<>();
  private String lastRun = "";

  private DagTest(PayloadLimits limits, Class<?> implementation, Class<?>... children) {
    this.dag =
        POJOWorkflowImplMetadata.newInstance(implementation).getWorkflowMethods().get(0).getName();
    this.server =
        TestWorkflowEnvironment.newInstance(
            TestEnvironmentOptions.newBuilder()
                .setWorkerFactoryOptions(
                    WorkerFactoryOptions.newBuilder()
                        .setWorkerInterceptors(
                            Stream.concat(
                                    DagWorkers.interceptors().stream(),
                                    Stream.of(
                                        header,
                                        new NotifyInterceptor(),
                                        new ResultLimit(
                                            limits, DefaultDataConverter.STANDARD_INSTANCE)))
                                .toArray(WorkerInterceptor[]::new))
                        .build())
                .build());
    this.implementations =
        Stream.concat(Stream.of(implementation), Stream.of(children)).toArray(Class<?>[]::new);
    Worker worker = server.newWorker(dag);
    DagWorkers.register(worker, implementations);
    worker.registerActivitiesImplementations(fakes);
    NotifyWorkers.registerForTests(worker, notifications::add);
  }

  /**
   * Prepares a test.
   *
   * @param implementation the DAG's implementation class
   * @param children those of its child runs
   */
  public static DagTest of(Class<?> implementation, Class<?>... children) {
    return of(PayloadLimits.DEFAULT, implementation, children);
  }

  /** Prepares a test of a DAG whose workers have other limits than the default. */
  public static DagTest of(PayloadLimits limits, Class<?> implementation, Class<?>... children) {
    return new DagTest(limits, implementation, children);
  }

  /** What stands in for one task. */
  @FunctionalInterface
  public interface Fake {

    /**
     * Answers one call.
     *
     * @param args the arguments; {@code args.get(0, Part.class)} decodes the first
     * @return the result, which is encoded as the activity's would be
     */
    @Nullable Object answer(EncodedValues args) throws Exception;
  }

  /**
   * Lets tasks without a fake succeed with no result, as Airflow's {@code mark_success_pattern}.
   *
   * @param taskPattern a regular expression of task ids
   */
  public DagTest skip(String taskPattern) {
    fakes.skip(Pattern.compile(taskPattern));
    return this;
  }

  /** Fakes a task; for a mapped one the fake answers each item. */
  public DagTest fake(String taskId, Fake fake) {
    fakes.put(taskId, fake);
    return this;
  }

  /** Fakes every task that has no fake of its own. */
  public DagTest otherwise(Fake fake) {
    fakes.otherwise(fake);
    return this;
  }

  /**
   * Lets every task that has no fake of its own do its real work in this process.
   *
   * @param implementations of the activity interfaces, connected to what they work on
   */
  public DagTest real(Collection<?> implementations) {
    return otherwise(new RealTasks(implementations));
  }

  /** Lets one task do its real work in this process; of a mapped one each item. */
  public DagTest real(String taskId, Collection<?> implementations) {
    return fake(taskId, new RealTasks(implementations));
  }

  /** What the DAG's alerts have sent, of all runs so far. */
  public List<Notification> notifications() {
    return List.copyOf(notifications);
  }

  /** Also polls another task queue, for tasks and child runs whose policy names one. */
  public DagTest queue(String taskQueue) {
    Worker worker = server.newWorker(taskQueue);
    DagWorkers.register(worker, implementations);
    worker.registerActivitiesImplementations(fakes);
    return this;
  }

  /**
   * Runs the DAG once.
   *
   * @param params its params, or null for a run that is started with no input
   * @return the report, of a successful or a failed run
   * @throws AssertionError if a task ran that has no fake
   */
  public RunReport run(@Nullable Object params) {
    start(params);
    return await();
  }

  /** Starts a run and goes on at once; {@link #await} waits for its end. */
  public DagTest start(@Nullable Object params) {
    if (!server.isStarted()) {
      server.start();
    }
    lastRun = runs().trigger(dag, params);
    return this;
  }

  /**
   * Waits for the end of the last run; time is skipped meanwhile.
   *
   * @return the report, of a successful or a failed run
   * @throws AssertionError if a task ran that has no fake, or the run makes no progress for two
   *     minutes
   */
  public RunReport await() {
    RunReport report = waiting().untilEnded();
    fakes.failIfUnexpected();
    return report;
  }

  /** The report of the last run as it is now. */
  public RunReport report() {
    return runs().describe(lastRun);
  }

  /** Each task's state in the last run, by task id. */
  public Map<String, NodeState> states() {
    Map<String, NodeState> states = new LinkedHashMap<>();
    report().tasks().forEach(task -> states.put(task.id(), task.state()));
    return states;
  }

  /**
   * Waits, without skipping time, until a task of the last run is in a state.
   *
   * @throws AssertionError if the run makes no progress for two minutes
   */
  public DagTest awaitState(String taskId, NodeState state) {
    waiting()
        .until(
            report -> report.task(taskId).state() == state,
            "has no task %s that is %s".formatted(taskId, state));
    return this;
  }

  /**
   * Waits, without skipping time, until a task of the last run has ended, or the run has.
   *
   * @return the report of the run at that moment
   * @throws AssertionError if the run makes no progress for two minutes
   */
  public RunReport awaitEnd(String taskId) {
    waiting()
        .until(
            report -> report.task(taskId).state().isTerminal(),
            "has no task %s that has ended".formatted(taskId));
    return report();
  }

  /** Answers a gate of the last run, once it asks. */
  public DagTest answer(String gate, String option) {
    awaitState(gate, NodeState.AWAITING_INPUT);
    stub().update("answer", String.class, new DagRunOps.GateAnswer(gate, option, "test"));
    return this;
  }

  private DagRuns runs() {
    return new DagRuns(server.getWorkflowClient(), dag);
  }

  private RunWait waiting() {
    return waiting(RunWait.LIMIT, RunWait.LOOK, System::nanoTime);
  }

  RunWait waiting(Duration limit, Duration look, LongSupplier clock) {
    return new RunWait(server.getWorkflowClient(), runs(), lastRun, limit, look, clock);
  }

  /** The activities called so far, {@code task} or {@code task[item]}, in the order of arrival. */
  public List<String> calls() {
    return fakes.calls();
  }

  /** The history of the last run as JSON, for a replay test. */
  public String history() {
    History.Builder history =
        server.getWorkflowClient().fetchHistory(lastRun).getHistory().toBuilder();
    // A real server writes the id down; a replay needs it for the ids of child runs and for alerts.
    history
        .getEventsBuilder(0)
        .getWorkflowExecutionStartedEventAttributesBuilder()
        .setWorkflowId(lastRun);
    return new WorkflowExecutionHistory(history.build()).toJson(true);
  }

  /**
   * Writes the history of the last run where {@link HistoryReplay} finds it: once for every change
   * of a DAG that runs in flight will see.
   */
  public void record(Path file) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.writeString(file, history());
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + file, e);
    }
  }

  /** The client of the in-memory server, for signals, updates and queries. */
  public WorkflowClient client() {
    return server.getWorkflowClient();
  }

  /** A stub of the last run. */
  public WorkflowStub stub() {
    return client().newUntypedWorkflowStub(lastRun);
  }

  @Override
  public void close() {
    server.close();
  }
}
