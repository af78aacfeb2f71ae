package io.millrace.flink.features;

import io.millrace.flink.KafkaConnectors;
import io.millrace.flink.StreamingJob;
import io.millrace.flink.Topics;
import io.millrace.flink.idle.IdleSource;
import java.time.Duration;
import java.util.List;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * {@link Topics#VALIDATED} to {@link Topics#FEATURES_READY} and the online store: each event once
 * in the topic for readers of committed messages, and each user and product in the store with the
 * newest event's features. A message that features cannot be made of goes to {@link
 * Topics#INVALID_FEATURES} with the reason.
 *
 * <p>The store is written beside the topic and not from it, so that no checkpoint stands between an
 * event and its features: how soon they can be read depends on the validation's checkpoints alone.
 * Writes that are repeated after a crash change nothing, see {@link
 * io.millrace.core.features.OnlineGuard}.
 */
public final class FeaturesJob implements StreamingJob {
  /** Name of the job. */
  public static final String NAME = "features";

  /** The shuffle by session must not wait for full buffers. */
  private static final long BUFFER_MILLIS = 10;

  private final Source<SessionEvent, ?, ?> source;
  private final Sink<FeatureOutput> output;
  private final Sink<OnlineUpdate> online;
  private final Duration sessionTimeToLive;
  private final Duration checkpointInterval;

  /** Reads and writes where it is told to. */
  public FeaturesJob(
      Source<SessionEvent, ?, ?> source,
      Sink<FeatureOutput> output,
      Sink<OnlineUpdate> online,
      Duration sessionTimeToLive,
      Duration checkpointInterval) {
    this.source = source;
    this.output = output;
    this.online = online;
    this.sessionTimeToLive = sessionTimeToLive;
    this.checkpointInterval = checkpointInterval;
  }

  /** Reads and writes Kafka, and writes Redis. */
  public static FeaturesJob on(KafkaConnectors kafka, FeaturesConfig config) {
    return new FeaturesJob(
        IdleSource.of(kafka.source(NAME, List.of(Topics.VALIDATED), new ReadSessionEvent())),
        kafka.sink(NAME, new WriteFeatureOutput()),
        new OnlineSink(config.redisUri(), config.onlineTimeToLive()),
        config.sessionTimeToLive(),
        config.checkpointInterval());
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
    environment.setBufferTimeout(BUFFER_MILLIS);
    SingleOutputStreamOperator<OnlineUpdate> updates =
        environment
            .fromSource(source, WatermarkStrategy.noWatermarks(), "validated")
            .uid("validated")
            .keyBy(SessionEvent::key)
            .process(new CountActivity(sessionTimeToLive))
            .returns(OnlineUpdate.class)
            .name("count")
            .uid("count");
    updates.sinkTo(online).name("online").uid("online");
    updates.getSideOutput(FeatureOutput.TAG).sinkTo(output).name("ready").uid("ready");
  }
}
