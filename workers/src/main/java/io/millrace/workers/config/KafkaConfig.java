package io.millrace.workers.config;

import io.millrace.activities.asset.AssetTopic;
import java.util.List;
import java.util.Optional;

/**
 * The event log.
 *
 * @param bootstrapServers brokers to ask first, host:port with commas between
 * @param rawPartitions partitions of the raw topic when we are the ones who create it
 * @param compression of the producer: none, gzip, snappy, lz4 or zstd
 * @param assetEvents the topic that asset events come by, or {@code none}
 */
public record KafkaConfig(
    String bootstrapServers, int rawPartitions, String compression, String assetEvents) {
  private static final String BOOTSTRAP_SERVERS = "kafka.bootstrap-servers";
  private static final String RAW_PARTITIONS = "kafka.raw-partitions";
  private static final String COMPRESSION = "kafka.compression";
  private static final String ASSET_EVENTS = "kafka.asset-events";
  private static final List<String> CODECS = List.of("none", "gzip", "snappy", "lz4", "zstd");

  static final List<ConfigKey> KEYS =
      List.of(
          ConfigKey.optional(BOOTSTRAP_SERVERS, "127.0.0.1:9092", "Kafka brokers, host:port,..."),
          ConfigKey.optional(RAW_PARTITIONS, "4", "partitions of the raw topic, if created here"),
          ConfigKey.optional(COMPRESSION, "lz4", "the producer's: " + String.join(", ", CODECS)),
          ConfigKey.optional(
              ASSET_EVENTS, AssetTopic.DEFAULT, "topic that asset events come by, or none"));

  public KafkaConfig {
    for (String server : bootstrapServers.split(",", -1)) {
      Checks.hostAndPort(BOOTSTRAP_SERVERS, server.strip());
    }
    Checks.between(RAW_PARTITIONS, rawPartitions, 1, 1_000);
    Checks.that(
        CODECS.contains(compression),
        COMPRESSION,
        compression,
        "one of " + String.join(", ", CODECS));
    Checks.that(
        assetEvents.matches("[A-Za-z0-9._-]{1,200}"),
        ASSET_EVENTS,
        assetEvents,
        "letters, digits, dots, dashes, at most 200");
  }

  /** Where asset events come by, unless they do not. */
  public Optional<AssetTopic> assetTopic() {
    return assetEvents.equals("none")
        ? Optional.empty()
        : Optional.of(new AssetTopic(bootstrapServers, assetEvents));
  }

  public static KafkaConfig from(Settings settings) {
    return new KafkaConfig(
        settings.text(BOOTSTRAP_SERVERS),
        settings.integer(RAW_PARTITIONS),
        settings.text(COMPRESSION),
        settings.text(ASSET_EVENTS));
  }
}
