package io.millrace.flink.features;

import io.millrace.flink.BatchWriter;
import java.time.Duration;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;

/**
 * Writes to Redis, in the order of arrival: every update of a checkpoint is there before the
 * checkpoint is complete.
 */
final class OnlineSink implements Sink<OnlineUpdate> {
  private static final long serialVersionUID = 1L;

  private final String redisUri;
  private final Duration timeToLive;

  OnlineSink(String redisUri, Duration timeToLive) {
    this.redisUri = redisUri;
    this.timeToLive = timeToLive;
  }

  @Override
  public SinkWriter<OnlineUpdate> createWriter(WriterInitContext context) {
    return new BatchWriter<>("Redis", new RedisBatch(redisUri, timeToLive), context);
  }
}
