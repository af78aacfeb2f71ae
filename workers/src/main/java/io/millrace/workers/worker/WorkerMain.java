package io.millrace.workers.worker;

import io.grpc.StatusRuntimeException;
import io.millrace.workers.config.BuildId;
import io.millrace.workers.config.ConfigException;
import io.millrace.workers.config.MillraceConfig;
import io.millrace.workers.config.Settings;
import io.millrace.workers.config.TemporalConfig;
import io.millrace.workers.logs.TaskLogging;
import io.millrace.workers.metrics.WorkerMetrics;
import io.millrace.workers.payload.PayloadAccess;
import io.temporal.serviceclient.WorkflowServiceStubs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The worker process: waits for the Temporal server, polls until SIGTERM or Ctrl-C, then lets
 * running activities finish.
 */
public final class WorkerMain {
  private static final Logger logger = LoggerFactory.getLogger(WorkerMain.class);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration POOLS_EVERY = Duration.ofSeconds(15);

  private WorkerMain() {}

  public static void main(String[] arguments) throws Exception {
    Map<String, String> environment = System.getenv();
    Path here = Path.of("").toAbsolutePath();
    Path home = Path.of(environment.getOrDefault("MILLRACE_HOME", here.toString()));
    String data = environment.get("MILLRACE_DATA");
    try {
      run(data == null ? home.resolve(".millrace") : Path.of(data), here, environment);
    } catch (ConfigException e) {
      logger.error("The worker cannot start: {}", e.getMessage());
      System.exit(2);
    }
  }

  /** Runs until the JVM is asked to stop. */
  public static void run(Path dataDirectory, Path here, Map<String, String> environment)
      throws Exception {
    Optional<ReadyFile> ready = ReadyFile.askedFor(environment);
    if (ready.isPresent()) {
      ready.get().clear();
    }
    Settings settings = Settings.load(dataDirectory, here, environment);
    MillraceConfig config = MillraceConfig.from(settings);
    String buildId = BuildId.of(environment);
    logger.info("Starting worker build={} config={}", buildId, config);
    try (StopSignal stop = StopSignal.install("worker-stop");
        PayloadAccess payloads = PayloadAccess.of(settings);
        TaskLogging logs = TaskLogging.start(config.s3(), config.logs());
        WorkerMetrics metrics = WorkerMetrics.start(config.metrics());
        Lineage lineage = Lineage.start(config.lineage());
        Implementations implementations = new Implementations(config);
        PipelineWorker worker =
            PipelineWorker.start(
                awaitServer(config.temporal(), metrics),
                config,
                payloads,
                logs,
                lineage,
                implementations,
                buildId);
        CodecEndpoint codec = CodecEndpoint.start(config, payloads)) {
      metrics.watch(logs.logs());
      metrics.watch(worker.pools(), POOLS_EVERY);
      if (ready.isPresent()) {
        ready.get().write();
      }
      logger.info(
          "Worker ready: polling {} at {} namespace={} build={} pid={} codec={} metrics={}",
          worker.queues(),
          config.temporal().target(),
          config.temporal().namespace(),
          buildId,
          ProcessHandle.current().pid(),
          codec.address(),
          metrics.address());
      stop.await();
      logger.info("Worker stops: running activities get {}", config.worker().shutdownGrace());
      if (ready.isPresent()) {
        ready.get().remove();
      }
    }
  }

  private static WorkflowServiceStubs awaitServer(TemporalConfig config, WorkerMetrics metrics) {
    while (true) {
      try {
        return PipelineWorker.connect(config, metrics.scope(), PATIENCE);
      } catch (StatusRuntimeException | IllegalStateException e) {
        logger.warn(
            "The Temporal server at {} does not answer ({}); trying again. Is it running? See"
                + " `millrace status`.",
            config.target(),
            e.getMessage());
      }
    }
  }
}
