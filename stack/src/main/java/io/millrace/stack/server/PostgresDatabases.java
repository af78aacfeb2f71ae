package io.millrace.stack.server;

import io.millrace.stack.Endpoints;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;

/** Looks into PostgreSQL and makes databases, through the one that is always there. */
final class PostgresDatabases {
  private static final String DUPLICATE_DATABASE = "42P04";
  private static final String UNIQUE_VIOLATION = "23505";

  private final Endpoints.Postgres postgres;

  PostgresDatabases(Endpoints.Postgres postgres) {
    this.postgres = postgres;
  }

  /** Passes when a query is answered. */
  void ping() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute("select 1");
    }
  }

  /** Creates the database unless it is there; somebody else may be doing the same. */
  void create(String name) throws SQLException {
    try (Connection connection = connect();
        PreparedStatement query =
            connection.prepareStatement("select 1 from pg_database where datname = ?")) {
      query.setString(1, name);
      try (ResultSet found = query.executeQuery()) {
        if (found.next()) {
          return;
        }
      }
      try (Statement statement = connection.createStatement()) {
        statement.execute("create database " + name);
      }
    } catch (SQLException e) {
      String state = e.getSQLState();
      if (!DUPLICATE_DATABASE.equals(state) && !UNIQUE_VIOLATION.equals(state)) {
        throw e;
      }
    }
  }

  /**
   * Makes a database whose owner may replicate from it, and gives the owner the password.
   *
   * @param password letters and digits only
   */
  void createForReplication(String name, String owner, String password) throws SQLException {
    try (Connection connection = connect();
        PreparedStatement query =
            connection.prepareStatement("select 1 from pg_roles where rolname = ?")) {
      query.setString(1, owner);
      try (ResultSet found = query.executeQuery();
          Statement statement = connection.createStatement()) {
        statement.execute(
            "%s role %s with login replication password '%s'"
                .formatted(found.next() ? "alter" : "create", owner, password));
      }
    }
    create(name);
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute("alter database %s owner to %s".formatted(name, owner));
    }
  }

  private Connection connect() throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", postgres.user());
    properties.setProperty("password", postgres.password());
    properties.setProperty("connectTimeout", "10");
    properties.setProperty("loginTimeout", "10");
    properties.setProperty("socketTimeout", "10");
    String url = postgres.jdbcUrl().replaceAll("/[^/]*$", "/postgres");
    return DriverManager.getConnection(url, properties);
  }
}
