package io.millrace.workers.config;

import io.millrace.engine.logs.StoredTaskLogs;
import java.time.Duration;
import java.util.List;

/**
 * The logs of tasks.
 *
 * @param bucket of the S3 store
 * @param maxSize most bytes that are kept of one try
 * @param flushEvery how often the log of a try that runs is stored
 * @param retention how long they are kept
 */
public record LogsConfig(String bucket, int maxSize, Duration flushEvery, Duration retention) {
  private static final String BUCKET = "logs.bucket";
  private static final String MAX_SIZE = "logs.max-size";
  private static final String FLUSH_EVERY = "logs.flush-every";
  private static final String RETENTION = "logs.retention";

  static final List<ConfigKey> KEYS =
      List.of(
          ConfigKey.optional(BUCKET, "task-logs", "S3 bucket of the logs of tasks"),
          ConfigKey.optional(
              MAX_SIZE,
              Integer.toString(StoredTaskLogs.Options.DEFAULT.maxBytes()),
              "most bytes that are kept of the log of one try"),
          ConfigKey.optional(FLUSH_EVERY, "5s", "how often the log of a try that runs is stored"),
          ConfigKey.optional(RETENTION, "P30D", "how long logs of tasks are kept"));

  public LogsConfig {
    Checks.that(
        bucket.matches("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]"), BUCKET, bucket, "a name of a bucket");
    Checks.between(MAX_SIZE, maxSize, 4_096, 64 << 20);
    Checks.positive(FLUSH_EVERY, flushEvery);
    Checks.positive(RETENTION, retention);
  }

  public static LogsConfig from(Settings settings) {
    return new LogsConfig(
        settings.text(BUCKET),
        settings.integer(MAX_SIZE),
        settings.duration(FLUSH_EVERY),
        settings.duration(RETENTION));
  }
}
