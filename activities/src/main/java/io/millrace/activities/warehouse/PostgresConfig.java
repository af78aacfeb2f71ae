package io.millrace.activities.warehouse;

import java.time.Duration;

/**
 * How to reach the warehouse.
 *
 * @param jdbcUrl for example {@code jdbc:postgresql://127.0.0.1:5432/postgres}
 * @param user role that owns the schemas
 * @param password its password; never logged
 * @param maxConnections size of the pool
 * @param statementTimeout the longest that one statement may take
 * @param connectTimeout the longest that a task waits for a connection
 */
public record PostgresConfig(
    String jdbcUrl,
    String user,
    String password,
    int maxConnections,
    Duration statementTimeout,
    Duration connectTimeout) {
  public static final int DEFAULT_MAX_CONNECTIONS = 10;
  public static final Duration DEFAULT_STATEMENT_TIMEOUT = Duration.ofMinutes(30);
  public static final Duration DEFAULT_CONNECT_TIMEOUT = Duration.ofSeconds(15);

  /**
   * Checks what can be checked without the database.
   *
   * @throws IllegalArgumentException naming the key that is wrong
   */
  public PostgresConfig {
    if (!jdbcUrl.startsWith("jdbc:postgresql:")) {
      throw new IllegalArgumentException(
          "postgres.jdbc-url must begin with jdbc:postgresql:, but is " + jdbcUrl);
    }
    if (maxConnections < 4) {
      throw new IllegalArgumentException(
          "postgres.max-connections must be at least 4, but is " + maxConnections);
    }
    if (statementTimeout.toSeconds() < 1) {
      throw new IllegalArgumentException(
          "postgres.statement-timeout must be at least a second, but is " + statementTimeout);
    }
    if (connectTimeout.toSeconds() < 1) {
      throw new IllegalArgumentException(
          "postgres.connect-timeout must be at least a second, but is " + connectTimeout);
    }
  }

  /** With default pool size and timeouts. */
  public static PostgresConfig of(String jdbcUrl, String user, String password) {
    return new PostgresConfig(
        jdbcUrl,
        user,
        password,
        DEFAULT_MAX_CONNECTIONS,
        DEFAULT_STATEMENT_TIMEOUT,
        DEFAULT_CONNECT_TIMEOUT);
  }

  /** The same, with another limit for a connection. */
  public PostgresConfig withConnectTimeout(Duration timeout) {
    return new PostgresConfig(jdbcUrl, user, password, maxConnections, statementTimeout, timeout);
  }

  @Override
  public String toString() {
    return "PostgresConfig[jdbcUrl=%s, user=%s, password=***, maxConnections=%d, statementTimeout=%s]"
        .formatted(jdbcUrl, user, maxConnections, statementTimeout);
  }
}
