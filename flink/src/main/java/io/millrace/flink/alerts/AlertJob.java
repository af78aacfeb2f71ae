package io.millrace.flink.alerts;

import io.millrace.core.alerts.Alert;
import io.millrace.core.alerts.AlertRules;
import io.millrace.core.alerts.InvalidEvent;
import io.millrace.flink.KafkaConnectors;
import io.millrace.flink.StreamingJob;
import io.millrace.flink.Topics;
import io.millrace.flink.idle.IdleSource;
import java.time.Duration;
import java.util.List;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * {@link Topics#INVALID} to {@link Topics#ALERTS}: an alert for each broken rule, and one for each
 * topic and error type of which there are more than usual, each once per cooldown and exactly once
 * for readers of committed messages.
 */
public final class AlertJob implements StreamingJob {
  /** Name of the job. */
  public static final String NAME = "alerts";

  private final Source<InvalidEvent, ?, ?> source;
  private final Sink<Alert> sink;
  private final AlertRules rules;
  private final Duration checkpointInterval;

  /** Reads and writes where it is told to. */
  public AlertJob(
      Source<InvalidEvent, ?, ?> source,
      Sink<Alert> sink,
      AlertRules rules,
      Duration checkpointInterval) {
    this.source = source;
    this.sink = sink;
    this.rules = rules;
    this.checkpointInterval = checkpointInterval;
  }

  /** Reads and writes Kafka. */
  public static AlertJob on(KafkaConnectors kafka, AlertRules rules, Duration checkpointInterval) {
    return new AlertJob(
        IdleSource.of(kafka.source(NAME, List.of(Topics.INVALID), new ReadInvalidEvent())),
        kafka.sink(NAME, new WriteAlert()),
        rules,
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
        .fromSource(source, WatermarkStrategy.noWatermarks(), "invalid")
        .uid("invalid")
        .keyBy(InvalidEvent::kind, Types.STRING)
        .process(new RaiseAlerts(rules))
        .returns(Alert.class)
        .name("raise")
        .uid("raise")
        .sinkTo(sink)
        .name("alerts")
        .uid("alerts");
  }
}
