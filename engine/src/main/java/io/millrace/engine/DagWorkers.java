package io.millrace.engine;

import io.millrace.engine.asset.AssetHubRun;
import io.millrace.engine.pool.PoolCalls;
import io.millrace.engine.pool.PoolWorkflowImpl;
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
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactoryOptions;
import io.temporal.worker.WorkerOptions;
import io.temporal.worker.WorkflowImplementationOptions;
import io.temporal.worker.tuning.PollerBehaviorAutoscaling;

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

  private DagWorkers() {}

  /**
   * The options of a factory. Asks the server, by one call, whether the engine's search attributes
   * are registered in the client's namespace; runs set them only if so. A worker that started
   * before they were registered sets none until it is started again.
   */
  public static WorkerFactoryOptions factoryOptions(WorkflowClient client) {
    WorkerInterceptor jitter = new RetryJitter();
    return WorkerFactoryOptions.newBuilder()
        .setWorkerInterceptors(
            searchAttributesAreRegistered(client)
                ? new WorkerInterceptor[] {new Registered(), jitter}
                : new WorkerInterceptor[] {jitter})
        .build();
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
   * that cannot be decoded fails the run; by default its workflow task would be tried for ever.
   */
  public static void register(Worker worker, Class<?>... implementations) {
    registerDags(worker, implementations);
    registerEntities(worker);
    worker.registerActivitiesImplementations(new PoolCalls());
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
    worker.registerActivitiesImplementations(new PoolCalls(entityQueue));
  }

  /** Registers the pools and the asset hub alone, on a worker that has no version. */
  public static void registerSystem(Worker worker) {
    registerEntities(worker);
    worker.registerActivitiesImplementations(new PoolCalls());
  }

  private static void registerEntities(Worker worker) {
    worker.registerWorkflowImplementationTypes(AssetHubRun.class, PoolWorkflowImpl.class);
  }

  private static void registerDags(Worker worker, Class<?>... implementations) {
    worker.registerWorkflowImplementationTypes(
        WorkflowImplementationOptions.newBuilder()
            .setFailWorkflowExceptionTypes(DataConverterException.class)
            .build(),
        implementations);
    worker.registerWorkflowImplementationTypes(MapChunkRun.class);
    worker.registerActivitiesImplementations(
        new FormerResultsReader.Impl(),
        new RunBeforeLookup(),
        new PastDependencies.Impl(implementations));
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
