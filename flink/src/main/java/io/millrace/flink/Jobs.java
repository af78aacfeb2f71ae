package io.millrace.flink;

import static java.util.Objects.requireNonNull;

import io.millrace.flink.alerts.AlertJob;
import io.millrace.flink.features.FeaturesJob;
import io.millrace.flink.lake.LakeRoute;
import io.millrace.flink.lake.LakeSinkJob;
import io.millrace.flink.sales.SalesJob;
import io.millrace.flink.validation.ValidationJob;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Our jobs by name, and what must be there before they can start. */
final class Jobs {
  /** All of them, in the order in which they start. */
  static final List<String> ALL =
      List.of(ValidationJob.NAME, LakeSinkJob.NAME, FeaturesJob.NAME, AlertJob.NAME, SalesJob.NAME);

  private Jobs() {}

  /** Waits for the servers, makes topics and buckets that are missing, and gives Kafka's ends. */
  static KafkaConnectors prepare(FlinkConfig config) throws InterruptedException {
    return new Prerequisites(config).await(topics(), buckets());
  }

  /** The job of this name, whose settings must be among those given. */
  static StreamingJob named(String name, FlinkConfig config, KafkaConnectors kafka) {
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
    topics.addAll(
        List.of(
            Topics.FEATURES_READY, Topics.INVALID_FEATURES, Topics.SALES, Topics.INVALID_SALES));
    return List.copyOf(topics);
  }

  private static List<String> buckets() {
    return Stream.concat(
            Stream.of(Prerequisites.CHECKPOINTS), LakeRoute.ALL.stream().map(LakeRoute::bucket))
        .distinct()
        .toList();
  }
}
