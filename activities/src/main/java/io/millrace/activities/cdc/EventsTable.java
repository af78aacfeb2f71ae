package io.millrace.activities.cdc;

import io.millrace.core.events.EventField;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import org.postgresql.util.PSQLException;

/**
 * The table {@code public.events} that changes are captured from: the columns of an event, all but
 * the time nullable, behind a key of its own. What makes two events one stands in a unique index,
 * so that an event that is written again is not there twice. Not thread-safe.
 */
public final class EventsTable implements AutoCloseable {
  /** Schema and name. */
  public static final String NAME = "public.events";

  /** The key's column; no part of the event. */
  static final String KEY = "id";

  private static final String INSERT =
      "insert into %s (%s) values (?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing"
          .formatted(NAME, String.join(", ", EventField.names()));

  private static final String TABLE =
      """
      create table if not exists %s (
        id bigint generated always as identity primary key,
        event_time timestamptz not null default current_timestamp,
        event_type varchar(50), product_id bigint, category_id bigint,
        category_code varchar(255), brand varchar(255), price float8,
        user_id bigint, user_session varchar(255))\
      """
          .formatted(NAME);

  /** By the table and not by a name, which the index of a table that was replaced can have. */
  private static final String HAS_IDENTITY =
      """
      select 1 from pg_index where indrelid = to_regclass('%s') and indisunique and not indisprimary
      """
          .formatted(NAME);

  private static final String IDENTITY =
      """
      create unique index on %s
        (product_id, event_time, user_id, event_type, user_session) nulls not distinct
      """
          .formatted(NAME);

  /**
   * The old row goes into the log whole: an update shows what it was, and no long text that it left
   * as it was is missing from the new one.
   */
  private static final String WHOLE_ROWS = "alter table %s replica identity full".formatted(NAME);

  private final Connection connection;

  private EventsTable(Connection connection) {
    this.connection = connection;
  }

  /** What became of a row. */
  enum Outcome {
    INSERTED,
    ALREADY_THERE,
    REFUSED
  }

  /**
   * What became of a row.
   *
   * @param reason why it was refused; empty if it was not
   */
  record Written(Outcome outcome, String reason) {}

  /**
   * Connects, and makes the table if it is missing.
   *
   * @throws CaptureException naming the database that does not answer or refuses
   */
  public static EventsTable open(CaptureConfig config) {
    try {
      EventsTable table = new EventsTable(connect(config));
      table.define();
      table.connection.setAutoCommit(false);
      return table;
    } catch (SQLException e) {
      throw failure(config, e);
    }
  }

  /** A connection with timeouts. */
  static Connection connect(CaptureConfig config) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", config.user());
    properties.setProperty("password", config.password());
    properties.setProperty("connectTimeout", "5");
    properties.setProperty("socketTimeout", "60");
    properties.setProperty("ApplicationName", "millrace-cdc");
    return DriverManager.getConnection(config.jdbcUrl(), properties);
  }

  static CaptureException failure(CaptureConfig config, SQLException e) {
    String where = "the database of " + NAME + " at cdc.jdbc-url=" + config.jdbcUrl();
    String state = String.valueOf(e.getSQLState());
    if (state.startsWith("08") || state.equals("57P03")) {
      return CaptureException.unreachable(
          "%s does not answer (%s): start it with `millrace up --cdc`"
              .formatted(where, e.getMessage()),
          e);
    }
    return CaptureException.refused(
        "%s refuses (%s): `millrace up --cdc` makes the database and its owner, cdc.user=%s"
            .formatted(where, e.getMessage(), config.user()),
        e);
  }

  private void define() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(TABLE);
      boolean hasIdentity;
      try (ResultSet found = statement.executeQuery(HAS_IDENTITY)) {
        hasIdentity = found.next();
      }
      if (!hasIdentity) {
        statement.execute(IDENTITY);
      }
      statement.execute(WHOLE_ROWS);
    }
  }

  /**
   * Writes rows in one transaction; if one of them is refused, each in its own.
   *
   * @return what became of each
   */
  List<Written> write(List<EventRow> rows) throws SQLException {
    try {
      return insert(rows);
    } catch (BatchUpdateException e) {
      connection.rollback();
      if (!isAboutARow(e)) {
        throw e;
      }
    }
    List<Written> written = new ArrayList<>();
    for (EventRow row : rows) {
      written.add(insertOne(row));
    }
    return written;
  }

  private Written insertOne(EventRow row) throws SQLException {
    try {
      return insert(List.of(row)).get(0);
    } catch (BatchUpdateException e) {
      connection.rollback();
      if (!isAboutARow(e)) {
        throw e;
      }
      return new Written(Outcome.REFUSED, reason(e));
    }
  }

  /** In the server's words: those of the driver begin with the whole statement. */
  private static String reason(BatchUpdateException e) {
    return e.getCause() instanceof PSQLException server && server.getServerErrorMessage() != null
        ? String.valueOf(server.getServerErrorMessage().getMessage())
        : "SQL state " + e.getSQLState();
  }

  private List<Written> insert(List<EventRow> rows) throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
      for (EventRow row : rows) {
        int column = 1;
        for (Object value : row.values()) {
          insert.setObject(column++, value);
        }
        insert.addBatch();
      }
      int[] counts = insert.executeBatch();
      connection.commit();
      return Arrays.stream(counts)
          .mapToObj(count -> count == 0 ? Outcome.ALREADY_THERE : Outcome.INSERTED)
          .map(outcome -> new Written(outcome, ""))
          .toList();
    }
  }

  /** Data that a column cannot hold, or a constraint that somebody has added. */
  private static boolean isAboutARow(SQLException e) {
    String state = String.valueOf(e.getSQLState());
    return state.startsWith("22") || state.startsWith("23");
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw CaptureException.refused("Cannot close the connection: " + e.getMessage(), e);
    }
  }
}
