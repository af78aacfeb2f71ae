package io.millrace.workers.config;

import java.net.URI;
import java.util.List;

/**
 * The capture of changes; read by the commands that deal with it, not by workers.
 *
 * @param connectUrl Kafka Connect's REST interface
 * @param jdbcUrl the database with the table {@code public.events}
 * @param user its owner
 * @param password their password
 * @param connectToken that Kafka Connect asks for; empty: none
 */
public record CdcConfig(
    URI connectUrl, String jdbcUrl, String user, Secret password, Secret connectToken) {
  private static final String CONNECT_URL = "cdc.connect-url";
  private static final String JDBC_URL = "cdc.jdbc-url";
  private static final String USER = "cdc.user";
  private static final String PASSWORD = "cdc.password";
  private static final String CONNECT_TOKEN = "cdc.connect-token";

  static final List<ConfigKey> KEYS =
      List.of(
          ConfigKey.optional(CONNECT_URL, "http://127.0.0.1:8083", "Kafka Connect's REST"),
          ConfigKey.required(JDBC_URL, "database whose table public.events is captured"),
          ConfigKey.required(USER, "its owner, who may replicate"),
          ConfigKey.secret(PASSWORD, "the owner's password"),
          ConfigKey.optionalSecret(CONNECT_TOKEN, "what Kafka Connect's REST asks for"));

  public CdcConfig {
    Checks.httpUrl(CONNECT_URL, connectUrl);
    Checks.that(
        jdbcUrl.startsWith("jdbc:postgresql://"),
        JDBC_URL,
        jdbcUrl,
        "an address such as jdbc:postgresql://host:port/database");
    Checks.notBlank(USER, user);
  }

  public static CdcConfig from(Settings settings) {
    return new CdcConfig(
        settings.uri(CONNECT_URL),
        settings.text(JDBC_URL),
        settings.text(USER),
        settings.secret(PASSWORD),
        new Secret(settings.find(CONNECT_TOKEN).orElse("")));
  }
}
