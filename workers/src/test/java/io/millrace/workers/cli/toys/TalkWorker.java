package io.millrace.workers.cli.toys;

import io.millrace.engine.DagWorkers;
import io.millrace.workers.config.LogsConfig;
import io.millrace.workers.config.S3Config;
import io.millrace.workers.config.Settings;
import io.millrace.workers.logs.TaskLogging;
import io.temporal.activity.Activity;
import io.temporal.activity.ActivityExecutionContext;
import io.temporal.client.WorkflowClient;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import io.temporal.worker.WorkerFactoryOptions;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A worker of {@link Talk} that stores the logs of its tasks, in a process of its own. */
public final class TalkWorker {
  private static final Logger logger = LoggerFactory.getLogger(TalkWorker.class);

  private TalkWorker() {}

  /** Takes the server's address, the queue and the folder of the settings. */
  public static void main(String[] args) {
    Path state = Path.of(args[2]);
    Settings settings = Settings.load(state, state, System.getenv());
    TaskLogging logs = TaskLogging.start(S3Config.from(settings), LogsConfig.from(settings));
    WorkflowClient client =
        WorkflowClient.newInstance(
            WorkflowServiceStubs.newServiceStubs(
                WorkflowServiceStubsOptions.newBuilder().setTarget(args[0]).build()));
    WorkerFactory factory =
        WorkerFactory.newInstance(
            client,
            WorkerFactoryOptions.newBuilder().setWorkerInterceptors(logs.interceptor()).build());
    Worker worker = factory.newWorker(args[1]);
    DagWorkers.register(worker, Talk.Impl.class);
    worker.registerActivitiesImplementations(new Mouth());
    factory.start();
  }

  private static final class Mouth implements Talk.Voice {
    @Override
    public int talk() {
      ActivityExecutionContext context = Activity.getExecutionContext();
      int attempt = context.getInfo().getAttempt();
      logger.warn("talking in try {}", attempt);
      int lines = attempt == 1 ? Integer.MAX_VALUE : 0;
      for (int i = 0; i < lines; i++) {
        logger.warn("line {}", i);
        context.heartbeat(i);
        pause();
      }
      return attempt;
    }

    @Override
    public int whisper(int item) {
      if (item == 2) {
        logger.warn("shh");
      }
      return item;
    }

    private static void pause() {
      try {
        TimeUnit.MILLISECONDS.sleep(50);
      } catch (InterruptedException e) {
        throw new IllegalStateException("interrupted", e);
      }
    }
  }
}
