package io.millrace.flink.lake;

import io.millrace.flink.KafkaConnectors;
import io.millrace.flink.StreamingJob;
import java.time.Duration;
import java.util.List;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.connector.file.sink.FileSink;
import org.apache.flink.core.fs.Path;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.filesystem.OutputFileConfig;

/**
 * Topics to objects of JSON lines, {@code topics/<topic>/year=…/month=…/day=…/hour=…/*.json.gz}:
 * each committed message is a line of exactly one object, and an object appears whole, once.
 *
 * <p>Objects appear when a checkpoint is complete. All lines of an hour go through one subtask, so
 * that there is one object per hour and checkpoint and not one per subtask; only lines of different
 * hours are written side by side.
 */
public final class LakeSinkJob implements StreamingJob {
  /** Name of the job. */
  public static final String NAME = "lake";

  /** Compressed size from which an object is closed without waiting for the checkpoint. */
  private static final long MAX_OBJECT_BYTES = 64 << 20;

  /** A route with its ends attached. */
  public record Branch(String topic, Source<LakeLine, ?, ?> source, Sink<LakeLine> sink) {}

  private final List<Branch> branches;
  private final Duration checkpointInterval;

  /** Reads and writes where it is told to. */
  public LakeSinkJob(List<Branch> branches, Duration checkpointInterval) {
    this.branches = List.copyOf(branches);
    this.checkpointInterval = checkpointInterval;
  }

  /** Reads Kafka and writes the object store. */
  public static LakeSinkJob on(
      KafkaConnectors kafka, List<LakeRoute> routes, Duration checkpointInterval) {
    return new LakeSinkJob(
        routes.stream()
            .map(
                route ->
                    new Branch(
                        route.topic(),
                        kafka.source(
                            NAME, List.of(route.topic()), new ReadLakeLine(route.hourOf())),
                        sink(new Path("s3://" + route.bucket() + "/"), route.topic())))
            .toList(),
        checkpointInterval);
  }

  /** A sink below a folder of any file system that can resume writing. */
  static Sink<LakeLine> sink(Path root, String topic) {
    return FileSink.forBulkFormat(root, GzipLines.factory())
        .withBucketAssigner(new HourFolders(topic))
        .withRollingPolicy(new RollBySize(MAX_OBJECT_BYTES))
        .withOutputFileConfig(
            OutputFileConfig.builder().withPartPrefix(topic).withPartSuffix(".json.gz").build())
        .build();
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Duration checkpointInterval() {
    return checkpointInterval;
  }

  @Override
  public void build(StreamExecutionEnvironment environment) {
    for (Branch branch : branches) {
      environment
          .fromSource(branch.source(), WatermarkStrategy.noWatermarks(), branch.topic())
          .uid(branch.topic())
          .partitionCustom(LakeSinkJob::subtask, LakeLine::hour)
          .process(new OpenHours(OpenHours.MAX))
          .returns(LakeLine.class)
          .name("hours " + branch.topic())
          .uid("hours-" + branch.topic())
          .sinkTo(branch.sink())
          .name("lake " + branch.topic())
          .uid("lake-" + branch.topic());
    }
  }

  private static int subtask(long hour, int subtasks) {
    return (int) Math.floorMod(hour, (long) subtasks);
  }
}
