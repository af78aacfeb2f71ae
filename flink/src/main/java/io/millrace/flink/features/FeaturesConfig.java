package io.millrace.flink.features;

import java.time.Duration;

/**
 * Settings of the job.
 *
 * @param redisUri {@code redis.uri}; may carry a password
 * @param onlineTimeToLive {@code features.online-ttl}: how long a row stays after its last write
 * @param sessionTimeToLive {@code flink.session-ttl}: how long a session is remembered after its
 *     last new event
 * @param checkpointInterval {@code flink.features-checkpoint-interval}: how often messages appear
 *     in the topic; the online store does not wait for it
 */
public record FeaturesConfig(
    String redisUri,
    Duration onlineTimeToLive,
    Duration sessionTimeToLive,
    Duration checkpointInterval) {

  @Override
  public String toString() {
    return "FeaturesConfig[onlineTimeToLive=%s, sessionTimeToLive=%s, checkpointInterval=%s]"
        .formatted(onlineTimeToLive, sessionTimeToLive, checkpointInterval);
  }
}
