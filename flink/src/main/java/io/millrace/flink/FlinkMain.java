package io.millrace.flink;

import static java.util.Objects.requireNonNull;

import io.millrace.flink.alerts.AlertJob;
import io.millrace.flink.features.FeaturesJob;
import io.millrace.flink.lake.LakeRoute;
import io.millrace.flink.lake.LakeSinkJob;
import io.millrace.flink.sales.SalesJob;
import io.millrace.flink.validation.ValidationJob;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Runs the streaming jobs and Flink's Web UI in one process: {@code FlinkMain --config FILE}.
 *
 * <p>Each job goes on from its newest checkpoint or savepoint on the object store, whether the
 * process was stopped (SIGTERM: savepoint first) or killed. It ends with status 2 when a setting,
 * or what it points to, is wrong, and with 1 when a job has failed for good.
 *
 * <p>On JDK 17 Flink's serializers need {@code --add-opens java.base/java.util=ALL-UNNAMED
 * --add-opens java.base/java.lang=ALL-UNNAMED --add-opens java.base/java.time=ALL-UNNAMED}. A heap
 * of 512 MB serves 8 slots.
 */
public final class FlinkMain {
  /** All jobs, in the order in which they start. */
  public static final List<String> JOBS =
      List.of(ValidationJob.NAME, LakeSinkJob.NAME, FeaturesJob.NAME, AlertJob.NAME, SalesJob.NAME);

  private FlinkMain() {}

  /** Runs until it is stopped. */
  public static void main(String[] args) {
    // The S3 client that Flink brings along would print a page about its successor.
    System.setProperty("aws.java.v1.disableDeprecationAnnouncement", "true");
    int status;
    try {
      status = run(args);
    } catch (ConfigException e) {
      System.err.println(e.getMessage());
      status = 2;
    } catch (Exception e) {
      System.err.println("Flink could not be started: " + e);
      e.printStackTrace();
      status = 1;
    }
    // Flink's threads would keep the process alive.
    System.exit(status);
  }

  private static int run(String[] args) throws Exception {
    if (args.length != 2 || !args[0].equals("--config")) {
      throw new ConfigException("Name the settings: FlinkMain --config FILE");
    }
    FlinkConfig config = FlinkConfig.load(Path.of(args[1]), System.getenv());
    KafkaEnds kafka = new Prerequisites(config).await(topics(), buckets());
    try (LocalCluster cluster = LocalCluster.start(config)) {
      return new JobRunner(cluster, jobs(config, kafka)).run();
    }
  }

  private static List<StreamingJob> jobs(FlinkConfig config, KafkaEnds kafka) {
    return config.jobs().stream().map(name -> job(name, config, kafka)).toList();
  }

  private static StreamingJob job(String name, FlinkConfig config, KafkaEnds kafka) {
    return switch (name) {
      case ValidationJob.NAME ->
          ValidationJob.on(kafka, config.inputs(), config.checkpointInterval());
      case LakeSinkJob.NAME ->
          LakeSinkJob.on(kafka, LakeRoute.ALL, config.lakeCheckpointInterval());
      case FeaturesJob.NAME -> FeaturesJob.on(kafka, requireNonNull(config.features()));
      case AlertJob.NAME -> AlertJob.on(kafka, config.alerts(), config.checkpointInterval());
      case SalesJob.NAME -> SalesJob.on(kafka, requireNonNull(config.sales()));
      default -> throw new IllegalArgumentException("There is no job " + name);
    };
  }

  private static List<String> topics() {
    Set<String> topics = new LinkedHashSet<>(ValidationJob.INPUTS);
    topics.add(Topics.ALERTS);
    LakeRoute.ALL.forEach(route -> topics.add(route.topic()));
    topics.addAll(List.of(Topics.FEATURES_READY, Topics.SALES, Topics.INVALID_SALES));
    return List.copyOf(topics);
  }

  private static List<String> buckets() {
    return Stream.concat(
            Stream.of(Prerequisites.CHECKPOINTS), LakeRoute.ALL.stream().map(LakeRoute::bucket))
        .distinct()
        .toList();
  }
}
