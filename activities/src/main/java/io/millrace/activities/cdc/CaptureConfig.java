package io.millrace.activities.cdc;

import io.millrace.core.events.UnavailableValue;
import java.net.URI;

/**
 * Where changes are captured.
 *
 * @param connectUrl Kafka Connect's REST interface
 * @param jdbcUrl the database with the table, {@code jdbc:postgresql://host:port/database}
 * @param user owner of the table, who may also replicate
 * @param password never logged, and never sent to Kafka Connect, whose workers have it as {@code
 *     CDC_DATABASE_PASSWORD} in their environment
 * @param connectToken that Kafka Connect's REST interface wants to see; empty: none
 * @param unavailable what the connector sends in place of a value that it does not know
 */
public record CaptureConfig(
    URI connectUrl,
    String jdbcUrl,
    String user,
    String password,
    String connectToken,
    UnavailableValue unavailable) {
  private static final String PREFIX = "jdbc:postgresql:";
  private static final int STANDARD_PORT = 5432;

  /** Checks the address of the database. */
  public CaptureConfig {
    if (!jdbcUrl.matches("jdbc:postgresql://[^/:]+(:[0-9]+)?/[^/?]+([?].*)?")) {
      throw new IllegalArgumentException(
          "cdc.jdbc-url is %s, but must be jdbc:postgresql://host:port/database"
              .formatted(jdbcUrl));
    }
  }

  /** With Debezium's own placeholder. */
  public CaptureConfig(
      URI connectUrl, String jdbcUrl, String user, String password, String connectToken) {
    this(connectUrl, jdbcUrl, user, password, connectToken, UnavailableValue.STANDARD);
  }

  /** With Debezium's own placeholder, and a Kafka Connect that asks for no token. */
  public CaptureConfig(URI connectUrl, String jdbcUrl, String user, String password) {
    this(connectUrl, jdbcUrl, user, password, "");
  }

  String host() {
    return address().getHost();
  }

  int port() {
    return address().getPort() < 0 ? STANDARD_PORT : address().getPort();
  }

  String database() {
    return address().getPath().substring(1);
  }

  private URI address() {
    return URI.create("postgresql:" + jdbcUrl.substring(PREFIX.length()));
  }

  @Override
  public String toString() {
    return "CaptureConfig[connectUrl=%s, jdbcUrl=%s, user=%s, password=***]"
        .formatted(connectUrl, jdbcUrl, user);
  }
}
