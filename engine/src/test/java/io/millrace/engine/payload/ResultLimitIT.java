package io.millrace.engine.payload;

import io.millrace.engine.DagRuns;
import io.millrace.engine.DagWorkers;
import io.millrace.engine.notify.Notification;
import io.millrace.engine.notify.NotifyInterceptor;
import io.millrace.engine.notify.NotifyWorkers;
import io.millrace.engine.payload.LoadDag.Work;
import io.millrace.engine.toys.RealServer;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.common.interceptors.WorkerInterceptor;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import io.temporal.worker.WorkerFactoryOptions;
import java.time.Duration;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** No value, however large, hangs a run or has the server end it, with and without a blob store. */
class ResultLimitIT {

  private static final Duration LIMIT = Duration.ofMinutes(10);

  /** 500 large values at once take minutes. */
  @Tag("long")
  @ParameterizedTest
  @MethodSource("io.millrace.engine.payload.LoadCases#wide")
  void manyAtOnceEndARunByItsRulesToo(LoadCases its) throws Exception {
    check(its, WorkflowClientOptions.getDefaultInstance(), its.inHistory());
  }

  @ParameterizedTest
  @MethodSource("io.millrace.engine.payload.LoadCases#all")
  void withoutABlobStoreItsTaskFailsAndTheRunGoesOnByItsRules(LoadCases its) throws Exception {
    check(its, WorkflowClientOptions.getDefaultInstance(), its.inHistory());
  }

  @ParameterizedTest
  @MethodSource("io.millrace.engine.payload.LoadCases#all")
  void withABlobStoreItPasses(LoadCases its) throws Exception {
    WorkflowClientOptions options =
        WorkflowClientOptions.newBuilder()
            .setDataConverter(DagPayloads.converter(new MemoryBlobStore(), PayloadOptions.DEFAULT))
            .build();
    check(its, options, its.inStore());
  }

  private static void check(LoadCases its, WorkflowClientOptions options, @Nullable String failure)
      throws TimeoutException {
    WorkflowClient client = WorkflowClient.newInstance(RealServer.service(), options);
    String queue = "load-" + UUID.randomUUID();
    Queue<Notification> alerts = new ConcurrentLinkedQueue<>();
    WorkerFactoryOptions base = DagWorkers.factoryOptions(client);
    WorkerFactory factory =
        WorkerFactory.newInstance(
            client,
            WorkerFactoryOptions.newBuilder(base)
                .setWorkerInterceptors(
                    Stream.concat(
                            Stream.of(base.getWorkerInterceptors()),
                            Stream.of(new NotifyInterceptor()))
                        .toArray(WorkerInterceptor[]::new))
                .build());
    try {
      Worker worker = factory.newWorker(queue, DagWorkers.options(its.load().count() + 10));
      DagWorkers.register(worker, LoadDag.Impl.class);
      worker.registerActivitiesImplementations(new Work(its.load()));
      NotifyWorkers.registerForTests(worker, alerts::add);
      factory.start();
      DagRuns runs = new DagRuns(client, queue);
      its.check(runs.await(runs.trigger("load", its.load()), LIMIT), alerts, failure);
    } finally {
      factory.shutdownNow();
    }
  }
}
