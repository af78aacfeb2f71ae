package io.millrace.engine;

import io.millrace.engine.asset.AssetCalls;
import io.millrace.engine.asset.AssetConsumerRun;
import io.millrace.engine.asset.AssetHubRun;
import io.millrace.engine.asset.AssetShardRun;
import io.millrace.engine.payload.PayloadLimits;
import io.millrace.engine.payload.ResultLimit;
import io.millrace.engine.pool.PoolCalls;
import io.millrace.engine.pool.PoolWorkflowImpl;
import io.millrace.engine.replay.ReplayCheck;
import io.temporal.api.operatorservice.v1.ListSearchAttributesRequest;
import io.temporal.api.operatorservice.v1.ListSearchAttributesResponse;
import io.temporal.client.WorkflowClient;
import io.temporal.common.converter.DataConverterException;
import io.temporal.common.interceptors.WorkerInterceptor;
import io.temporal.common.interceptors.WorkerInterceptorBase;
import io.temporal.common.interceptors.WorkflowInboundCallsInterceptor;
import io.temporal.common.interceptors.WorkflowInboundCallsInterceptorBase;
import io.temporal.serviceclient.OperatorServiceStubs;
import io.temporal.serviceclient.OperatorServiceStubsOptions;
import io.temporal.worker.TypeAlreadyRegisteredException;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactoryOptions;
import io.temporal.worker.WorkerOptions;
import io.temporal.worker.WorkflowImplementationOptions;
import io.temporal.worker.tuning.PollerBehaviorAutoscaling;
import java.util.ArrayList;
import java.util.List;

/**
 * How a worker for DAGs is set up.
 *
 * <pre>{@code
 * WorkerFactory factory = WorkerFactory.newInstance(client, DagWorkers.factoryOptions(client));
 * Worker worker = factory.newWorker("millrace", DagWorkers.options(16));
 * DagWorkers.register(worker, NightlyImpl.class);
 * worker.registerActivitiesImplementations(...);
 * factory.start();
 * }</pre>
 */
public final class DagWorkers {

  /** By default the SDK tries a workflow task for ever whose input cannot be decoded. */
  private static final WorkflowImplementationOptions FAILING_ON_BAD_INPUT =
      WorkflowImplementationOptions.newBuilder()
          .setFailWorkflowExceptionTypes(DataConverterException.class)
          .build();

  private DagWorkers() {}

  /**
   * The options of a factory. Asks the server, by one call, whether the engine's search attributes
   * are registered in the client's namespace; runs set them only if so. A worker that started
   * before they were registered sets none until it is started again. A run whose code no longer
   * fits its history stops there: see {@link ReplayCheck}.
   */
  public static WorkerFactoryOptions factoryOptions(WorkflowClient client) {
    return factoryOptions(client, PayloadLimits.DEFAULT);
  }

  /**
   * The options of a factory for tasks with larger results and a client without a blob store.
   *
   * @param limits how large a value may be in the history
   */
  public static WorkerFactoryOptions factoryOptions(WorkflowClient client, PayloadLimits limits) {
    List<WorkerInterceptor> interceptors = new ArrayList<>();
    if (searchAttributesAreRegistered(client)) {
      interceptors.add(new Registered());
    }
    interceptors.addAll(interceptors());
    interceptors.add(new RetryJitter());
    interceptors.add(new ReplayCheck(client));
    interceptors.add(new ResultLimit(limits, client.getOptions().getDataConverter()));
    return WorkerFactoryOptions.newBuilder()
        .setWorkerInterceptors(interceptors.toArray(WorkerInterceptor[]::new))
        .build();
  }

  /**
   * What keeps bad input from the engine's own workflows, and a policy's {@code withoutRetryOf}: a
   * part of {@link #factoryOptions}, for factories with options of their own.
   */
  public static List<WorkerInterceptor> interceptors() {
    return List.of(new EntityGuard(), new NoRetry());
  }

  /**
   * The options of a worker: pollers that grow with the load, and eager activities, which save a
   * round trip a task.
   *
   * @param activities how many activities run at the same time
   */
  public static WorkerOptions options(int activities) {
    return WorkerOptions.newBuilder()
        .setMaxConcurrentActivityExecutionSize(activities)
        .setMaxEagerActivityReservationsPerWorkflowTask(activities)
        .setWorkflowTaskPollersBehavior(new PollerBehaviorAutoscaling(2, 8, 2))
        .setActivityTaskPollersBehavior(new PollerBehaviorAutoscaling(2, 20, 4))
        .build();
  }

  /**
   * Registers DAGs, what else the worker runs as workflows, and the pools. Once a worker. An input
   * that cannot be decoded fails the run; by default its workflow task would be tried for ever. So
   * does a name that no worker knows, with type {@code UnknownDag} and the nearest names: at once,
   * or after a minute if other workers without a version poll the task queue as well, because one
   * of them may be of a newer release that has the DAG. A {@code DynamicWorkflow} of your own takes
   * its place if it is registered before.
   */
  public static void register(Worker worker, Class<?>... implementations) {
    registerDags(worker, implementations);
    registerEntities(worker);
    worker.registerActivitiesImplementations(new PoolCalls(), new AssetCalls());
  }

  /**
   * Registers DAGs on a worker that has a version, and so must not run pools and the asset hub:
   * they live for months, and would stay on the version that began them.
   *
   * @param entityQueue the task queue of a worker without a version that {@link #registerSystem}
   *     has prepared
   */
  public static void registerVersioned(
      Worker worker, String entityQueue, Class<?>... implementations) {
    registerDags(worker, implementations);
    worker.registerActivitiesImplementations(
        new PoolCalls(entityQueue), new AssetCalls(entityQueue));
  }

  /** Registers the pools and the asset hub alone, on a worker that has no version. */
  public static void registerSystem(Worker worker) {
    registerUnknown(worker, List.of());
    registerEntities(worker);
    worker.registerActivitiesImplementations(new PoolCalls(), new AssetCalls());
  }

  private static void registerEntities(Worker worker) {
    worker.registerWorkflowImplementationTypes(
        FAILING_ON_BAD_INPUT,
        AssetHubRun.class,
        AssetShardRun.class,
        AssetConsumerRun.class,
        PoolWorkflowImpl.class);
  }

  private static void registerDags(Worker worker, Class<?>... implementations) {
    Params.prepare();
    List<String> names = new ArrayList<>();
    for (Class<?> implementation : implementations) {
      names.addAll(DagInstances.register(worker, implementation, FAILING_ON_BAD_INPUT));
    }
    worker.registerWorkflowImplementationTypes(
        FAILING_ON_BAD_INPUT, MapChunkRun.class, SensorLoopRun.class);
    worker.registerActivitiesImplementations(
        new PriorResultsReader.Impl(),
        new PreviousRunLookup(),
        new PastDependencies.Impl(implementations));
    registerUnknown(worker, names);
  }

  private static void registerUnknown(Worker worker, List<String> known) {
    WorkerOptions options = worker.getWorkerOptions();
    boolean versioned =
        options.getDeploymentOptions() != null
            && options.getDeploymentOptions().isUsingVersioning();
    try {
      worker.registerWorkflowImplementationFactory(
          UnknownDag.class, () -> new UnknownDag(known, versioned), FAILING_ON_BAD_INPUT);
    } catch (TypeAlreadyRegisteredException e) {
      return; // the worker's owner knows better what to do with other types
    }
    worker.registerActivitiesImplementations(new QueuePollers.Impl(options.getIdentity()));
  }

  private static boolean searchAttributesAreRegistered(WorkflowClient client) {
    OperatorServiceStubs operator =
        OperatorServiceStubs.newServiceStubs(
            OperatorServiceStubsOptions.newBuilder()
                .setChannel(client.getWorkflowServiceStubs().getRawChannel())
                .validateAndBuildWithDefaults());
    ListSearchAttributesResponse present =
        operator
            .blockingStub()
            .listSearchAttributes(
                ListSearchAttributesRequest.newBuilder()
                    .setNamespace(client.getOptions().getNamespace())
                    .build());
    return SearchAttributes.ALL.stream()
        .allMatch(key -> present.getCustomAttributesMap().get(key.getName()) == key.getValueType());
  }

  /** Tells each run that the attributes are registered. */
  private static final class Registered extends WorkerInterceptorBase {
    @Override
    public WorkflowInboundCallsInterceptor interceptWorkflow(WorkflowInboundCallsInterceptor next) {
      return new WorkflowInboundCallsInterceptorBase(next) {
        @Override
        public WorkflowOutput execute(WorkflowInput input) {
          SearchAttributes.REGISTERED.set(true);
          return super.execute(input);
        }
      };
    }
  }
}
