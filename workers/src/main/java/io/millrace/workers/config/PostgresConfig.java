package io.millrace.workers.config;

import java.util.List;

/**
 * The warehouse.
 *
 * @param jdbcUrl for example {@code jdbc:postgresql://127.0.0.1:5432/millrace}
 * @param user who connects
 * @param password their password
 * @param poolSize most connections that one process holds
 */
public record PostgresConfig(String jdbcUrl, String user, Secret password, int poolSize) {
  private static final String JDBC_URL = "postgres.jdbc-url";
  private static final String USER = "postgres.user";
  private static final String PASSWORD = "postgres.password";
  private static final String POOL_SIZE = "postgres.pool-size";

  static final List<ConfigKey> KEYS =
      List.of(
          ConfigKey.required(JDBC_URL, "the warehouse, jdbc:postgresql://host:port/database"),
          ConfigKey.required(USER, "PostgreSQL user"),
          ConfigKey.secret(PASSWORD, "PostgreSQL password"),
          ConfigKey.optional(POOL_SIZE, "10", "most connections that one process holds"));

  public PostgresConfig {
    Checks.that(
        jdbcUrl.startsWith("jdbc:postgresql:"),
        JDBC_URL,
        jdbcUrl,
        "an address that begins with jdbc:postgresql:");
    Checks.notBlank(USER, user);
    Checks.between(POOL_SIZE, poolSize, 4, 200);
  }

  public static PostgresConfig from(Settings settings) {
    return new PostgresConfig(
        settings.text(JDBC_URL),
        settings.text(USER),
        settings.secret(PASSWORD),
        settings.integer(POOL_SIZE));
  }
}
