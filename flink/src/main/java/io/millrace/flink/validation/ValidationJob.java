package io.millrace.flink.validation;

import io.millrace.flink.FlinkConfig;
import io.millrace.flink.KafkaConnectors;
import io.millrace.flink.StreamingJob;
import io.millrace.flink.Topics;
import io.millrace.flink.idle.IdleSource;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Raw topics to {@link Topics#VALIDATED} and {@link Topics#INVALID}: each message goes to exactly
 * one of them, exactly once for readers of committed messages.
 *
 * <p>Read, judged and written in one chain of operators, without a shuffle: messages of one input
 * partition stay in their order, and so do those of one key. The only state is the source's offsets
 * and the sink's open transactions, so that a savepoint can go on with any parallelism.
 */
public final class ValidationJob implements StreamingJob {
  /** Name of the job. */
  public static final String NAME = "validation";

  /**
   * Topics that are made if they are missing; others that match the settings' pattern are read,
   * too.
   */
  public static final List<String> INPUTS = List.of(Topics.RAW, Topics.CDC);

  private final Source<RawMessage, ?, ?> source;
  private final Sink<ValidationResult> sink;
  private final FlinkConfig.Inputs inputs;
  private final Duration checkpointInterval;

  /** Reads from a source of whatever topics, and writes to a sink. */
  public ValidationJob(
      Source<RawMessage, ?, ?> source,
      Sink<ValidationResult> sink,
      FlinkConfig.Inputs inputs,
      Duration checkpointInterval) {
    this.source = source;
    this.sink = sink;
    this.inputs = inputs;
    this.checkpointInterval = checkpointInterval;
  }

  /** Reads and writes Kafka. */
  public static ValidationJob on(
      KafkaConnectors kafka, FlinkConfig.Inputs inputs, Duration checkpointInterval) {
    return new ValidationJob(
        IdleSource.of(kafka.source(NAME, Pattern.compile(inputs.topics()), new ReadRawMessage())),
        kafka.sink(NAME, new ValidationResultSerializer()),
        inputs,
        checkpointInterval);
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
    environment
        .fromSource(source, WatermarkStrategy.noWatermarks(), "raw")
        .uid("raw")
        .map(new ValidateEvent(inputs.lateness(), inputs.unavailable()))
        .returns(ValidationResult.class)
        .name("judge")
        .uid("judge")
        .sinkTo(sink)
        .name("judged")
        .uid("judged");
  }
}
