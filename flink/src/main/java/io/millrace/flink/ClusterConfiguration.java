package io.millrace.flink;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.BlobServerOptions;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.MetricOptions;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.configuration.WebOptions;
import org.apache.flink.core.execution.CheckpointingMode;
import org.apache.flink.core.fs.Path;

/** Flink's own settings: of the process, and of each job. */
final class ClusterConfiguration {
  /** Folders that we own in the work directory. */
  static final List<String> WORK_FOLDERS = List.of("tmp", "web", "blob", "jars");

  private static final String HOST = "127.0.0.1";

  /**
   * State of this size or less stands in the checkpoint's metadata, not in an object of its own.
   */
  private static final MemorySize INLINE_STATE = MemorySize.parse("100kb");

  private ClusterConfiguration() {}

  static Configuration of(FlinkConfig config) {
    Configuration configuration = new Configuration();
    ObjectStore.configure(configuration, config.s3());
    configuration.set(RestOptions.ADDRESS, HOST);
    configuration.set(RestOptions.BIND_ADDRESS, HOST);
    // Behind the gateway, which listens on flink.rest-port.
    configuration.set(RestOptions.BIND_PORT, "0");
    configuration.set(JobManagerOptions.BIND_HOST, HOST);
    configuration.set(TaskManagerOptions.HOST, HOST);
    configuration.set(TaskManagerOptions.BIND_HOST, HOST);
    configuration.set(WebOptions.TMP_DIR, folder(config, "web"));
    configuration.set(WebOptions.UPLOAD_DIR, folder(config, "jars"));
    // Flink's default lets any page in a browser on this machine submit jars.
    configuration.set(
        WebOptions.ACCESS_CONTROL_ALLOW_ORIGIN, "http://%s:%d".formatted(HOST, config.restPort()));
    configuration.set(MetricOptions.METRIC_FETCHER_UPDATE_INTERVAL, Duration.ofSeconds(1));
    configuration.set(CoreOptions.DEFAULT_PARALLELISM, config.parallelism());
    metrics(configuration, config.metricsPort());
    configuration.set(CoreOptions.TMP_DIRS, folder(config, "tmp"));
    configuration.set(BlobServerOptions.STORAGE_DIRECTORY, folder(config, "blob"));
    configuration.set(TaskManagerOptions.NETWORK_MEMORY_MIN, MemorySize.ofMebiBytes(32));
    configuration.set(TaskManagerOptions.NETWORK_MEMORY_MAX, MemorySize.ofMebiBytes(32));
    // Managed memory is for state on disk; ours is on the heap.
    configuration.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(4));
    return configuration;
  }

  private static void metrics(Configuration configuration, int port) {
    if (port > 0) {
      configuration.set(MetricOptions.REPORTERS_LIST, "prometheus");
      String reporter = "metrics.reporter.prometheus.";
      configuration.setString(
          reporter + "factory.class", LoopbackPrometheus.Factory.class.getName());
      configuration.setString(reporter + LoopbackPrometheus.PORT, String.valueOf(port));
      // Labels are texts, such as the message of a rule.
      configuration.setString(reporter + "filterLabelValueCharacters", "false");
    }
  }

  private static String folder(FlinkConfig config, String name) {
    return config.workDir().resolve(name).toString();
  }

  /** All but the parallelism, which is the submission's or the cluster's. */
  static Configuration of(FlinkConfig config, StreamingJob job) {
    Configuration configuration = new Configuration();
    // Shown as the job's user configuration: a deployment reads there which build runs.
    configuration.set(
        PipelineOptions.GLOBAL_JOB_PARAMETERS, Map.of(JobBuild.PARAMETER, JobBuild.id()));
    configuration.set(PipelineOptions.GENERIC_TYPES, false);
    configuration.set(PipelineOptions.OBJECT_REUSE, true);
    configuration.set(StateBackendOptions.STATE_BACKEND, "hashmap");
    checkpoints(configuration, job, config.idleCheckpointInterval());
    restarts(configuration);
    return configuration;
  }

  private static void checkpoints(
      Configuration configuration, StreamingJob job, Duration idleInterval) {
    Duration interval = job.checkpointInterval();
    configuration.set(
        CheckpointingOptions.CHECKPOINTING_CONSISTENCY_MODE, CheckpointingMode.EXACTLY_ONCE);
    configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, interval);
    // What IdleSource asks for.
    configuration.set(
        CheckpointingOptions.CHECKPOINTING_INTERVAL_DURING_BACKLOG,
        interval.compareTo(idleInterval) > 0 ? interval : idleInterval);
    configuration.set(CheckpointingOptions.MIN_PAUSE_BETWEEN_CHECKPOINTS, interval.dividedBy(3));
    configuration.set(CheckpointingOptions.CHECKPOINTING_TIMEOUT, Duration.ofMinutes(1));
    configuration.set(CheckpointingOptions.TOLERABLE_FAILURE_NUMBER, 5);
    configuration.set(CheckpointingOptions.CHECKPOINT_STORAGE, "filesystem");
    configuration.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, checkpoints(job).toString());
    configuration.set(CheckpointingOptions.FS_SMALL_FILE_THRESHOLD, INLINE_STATE);
    configuration.set(
        CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
        ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
  }

  /** Outlives an outage of about an hour; a fault that stays ends the job, and the process. */
  private static void restarts(Configuration configuration) {
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "exponential-delay");
    configuration.set(
        RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_INITIAL_BACKOFF,
        Duration.ofSeconds(1));
    configuration.set(
        RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_MAX_BACKOFF,
        Duration.ofSeconds(30));
    configuration.set(
        RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_BACKOFF_MULTIPLIER, 2.0);
    configuration.set(
        RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_RESET_BACKOFF_THRESHOLD,
        Duration.ofMinutes(5));
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_ATTEMPTS, 100);
  }

  /** Where the job's checkpoints and savepoints stand. */
  static Path checkpoints(StreamingJob job) {
    return new Path("s3://" + Prerequisites.CHECKPOINTS + "/" + job.name());
  }
}
