package io.millrace.workers.config;

import java.util.List;
import java.util.stream.Stream;

/** All that a worker needs to know, one record per feature; making it checks every value. */
public record MillraceConfig(
    TemporalConfig temporal,
    PostgresConfig postgres,
    WarehouseConfig warehouse,
    KafkaConfig kafka,
    EventsConfig events,
    S3Config s3,
    MlflowConfig mlflow,
    RedisConfig redis,
    FlinkConfig flink,
    PayloadsConfig payloads,
    LogsConfig logs,
    NotifyConfig notifiers,
    MetricsConfig metrics,
    LineageConfig lineage,
    WorkerConfig worker) {

  /** Every setting that Millrace knows. */
  public static final List<ConfigKey> KEYS =
      Stream.of(
              TemporalConfig.KEYS,
              PostgresConfig.KEYS,
              WarehouseConfig.KEYS,
              KafkaConfig.KEYS,
              S3Config.KEYS,
              MlflowConfig.KEYS,
              RedisConfig.KEYS,
              CdcConfig.KEYS,
              EventsConfig.KEYS,
              FlinkConfig.KEYS,
              ServingConfig.KEYS,
              TracingConfig.KEYS,
              PayloadsConfig.KEYS,
              LogsConfig.KEYS,
              NotifyConfig.KEYS,
              MetricsConfig.KEYS,
              LineageConfig.KEYS,
              WorkerConfig.KEYS)
          .flatMap(List::stream)
          .toList();

  /**
   * Takes all features from the settings.
   *
   * @throws ConfigException if a value is missing or out of range
   */
  public static MillraceConfig from(Settings settings) {
    return new MillraceConfig(
        TemporalConfig.from(settings),
        PostgresConfig.from(settings),
        WarehouseConfig.from(settings),
        KafkaConfig.from(settings),
        EventsConfig.from(settings),
        S3Config.from(settings),
        MlflowConfig.from(settings),
        RedisConfig.from(settings),
        FlinkConfig.from(settings),
        PayloadsConfig.from(settings),
        LogsConfig.from(settings),
        NotifyConfig.from(settings),
        MetricsConfig.from(settings),
        LineageConfig.from(settings),
        WorkerConfig.from(settings));
  }
}
