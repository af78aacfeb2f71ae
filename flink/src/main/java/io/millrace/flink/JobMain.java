package io.millrace.flink;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.RecoveryClaimMode;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The program of a submitted jar, which makes one job: {@code JobMain --job validation}.
 *
 * <p>Settings are those of {@link FlinkMain}, from the properties file that the JobManager's system
 * property {@value #SETTINGS} names, and from its environment, which alone is enough. None is an
 * argument: those can be read in Flink's Web UI.
 *
 * <p>It goes on from the savepoint that the submission names, else from the job's newest checkpoint
 * or savepoint in the object store, else afresh: it never repeats output because nobody named one.
 * Parallelism is the submission's, else the cluster's default.
 */
public final class JobMain {
  /** System property with the path of the settings. */
  public static final String SETTINGS = "millrace.flink.config";

  private static final Logger log = LoggerFactory.getLogger(JobMain.class);

  private JobMain() {}

  /** Submits the job to the cluster that calls this. */
  public static void main(String[] args) throws Exception {
    String name = jobName(args);
    FlinkConfig config = config(name);
    StreamingJob job = Jobs.named(name, config, Jobs.prepare(config));
    Configuration configuration = ClusterConfiguration.of(config, job);
    if (!isSavepointNamed()) {
      goOnFromTheNewest(configuration, job);
    }
    StreamExecutionEnvironment environment =
        StreamExecutionEnvironment.getExecutionEnvironment(configuration);
    job.build(environment);
    environment.execute(job.name());
  }

  private static boolean isSavepointNamed() {
    return StreamExecutionEnvironment.getExecutionEnvironment()
        .getConfiguration()
        .getOptional(StateRecoveryOptions.SAVEPOINT_PATH)
        .isPresent();
  }

  private static void goOnFromTheNewest(Configuration configuration, StreamingJob job) {
    Optional<RestorePoints.RestorePoint> newest =
        new RestorePoints(ClusterConfiguration.checkpoints(job)).newest();
    newest.ifPresent(
        point -> {
          configuration.set(StateRecoveryOptions.SAVEPOINT_PATH, point.path().toString());
          configuration.set(StateRecoveryOptions.RESTORE_MODE, RecoveryClaimMode.CLAIM);
        });
    log.info(
        "Job {}: submitted to start {}",
        job.name(),
        newest.map(p -> "from checkpoint %d, %s".formatted(p.number(), p.path())).orElse("afresh"));
  }

  static String jobName(String[] args) {
    if (args.length != 2 || !args[0].equals("--job") || !Jobs.ALL.contains(args[1])) {
      throw new ConfigException(
          "Name the job, one of %s: JobMain --job NAME".formatted(String.join(", ", Jobs.ALL)));
    }
    return args[1];
  }

  private static FlinkConfig config(String job) {
    Map<String, String> environment = System.getenv();
    String file = System.getProperty(SETTINGS);
    return FlinkConfig.ofJob(job, file == null ? null : Path.of(file), environment);
  }
}
