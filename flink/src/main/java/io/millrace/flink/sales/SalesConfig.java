package io.millrace.flink.sales;

import java.time.Duration;

/**
 * Settings of the job.
 *
 * @param jdbcUrl {@code postgres.jdbc-url} of the warehouse
 * @param user {@code postgres.user}
 * @param password {@code postgres.password}; never logged
 * @param checkpointInterval {@code flink.sales-checkpoint-interval}: how often invalid messages
 *     appear; the table does not wait for it
 */
public record SalesConfig(
    String jdbcUrl, String user, String password, Duration checkpointInterval) {
  @Override
  public String toString() {
    return "SalesConfig[jdbcUrl=%s, user=%s, password=***, checkpointInterval=%s]"
        .formatted(jdbcUrl, user, checkpointInterval);
  }
}
