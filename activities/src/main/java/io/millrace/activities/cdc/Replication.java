package io.millrace.activities.cdc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The publication and the slot in the database, by the name {@value ConnectorSettings#REPLICATION}.
 */
final class Replication implements AutoCloseable {
  private static final int DROP_TRIES = 40;
  private static final String IN_USE = "55006";
  private static final String NAME = ConnectorSettings.REPLICATION;

  private final Connection connection;

  private Replication(Connection connection) {
    this.connection = connection;
  }

  static Replication open(CaptureConfig config) throws SQLException {
    return new Replication(EventsTable.connect(config));
  }

  /** Makes the publication, or adds the table to it. */
  void publish() throws SQLException {
    if (isPublished()) {
      return;
    }
    boolean there = exists("select 1 from pg_publication where pubname = ?", NAME);
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          there
              ? "alter publication %s add table %s".formatted(NAME, EventsTable.NAME)
              : "create publication %s for table %s".formatted(NAME, EventsTable.NAME));
    }
  }

  /** The table as it is now: what an update tells of a row, and what else is published. */
  CaptureStatus.CapturedTable table() throws SQLException {
    String identity = null;
    List<String> others = new ArrayList<>();
    try (PreparedStatement query =
        connection.prepareStatement(
            """
            select c.oid::regclass::text, c.oid = to_regclass(?), c.relreplident, r.prrelid is not null
            from pg_class c left join (pg_publication_rel r join pg_publication p
              on p.oid = r.prpubid and p.pubname = ?) on r.prrelid = c.oid
            where c.oid = to_regclass(?) or r.prrelid is not null order by 1\
            """)) {
      query.setString(1, EventsTable.NAME);
      query.setString(2, NAME);
      query.setString(3, EventsTable.NAME);
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          if (row.getBoolean(2)) {
            identity = identity(row.getString(3));
          } else {
            others.add(row.getString(1));
          }
        }
      }
    }
    return new CaptureStatus.CapturedTable(isPublished(), identity, others);
  }

  /** As {@code ALTER TABLE … REPLICA IDENTITY} calls it. */
  private static String identity(String code) {
    return switch (code) {
      case "f" -> CaptureStatus.CapturedTable.FULL;
      case "n" -> "NOTHING";
      case "i" -> "INDEX";
      default -> "DEFAULT";
    };
  }

  boolean isPublished() throws SQLException {
    return exists(
        "select 1 from pg_publication_tables where pubname = ? and schemaname = 'public'"
            + " and tablename = 'events'",
        NAME);
  }

  CaptureStatus.@Nullable Slot slot() throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement(
            """
            select active, coalesce(wal_status, ''),
              coalesce(pg_wal_lsn_diff(pg_current_wal_lsn(), confirmed_flush_lsn), 0),
              coalesce(pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn), 0)
            from pg_replication_slots where slot_name = ?\
            """)) {
      query.setString(1, NAME);
      try (ResultSet row = query.executeQuery()) {
        return row.next()
            ? new CaptureStatus.Slot(
                NAME, row.getBoolean(1), row.getLong(3), row.getLong(4), row.getString(2))
            : null;
      }
    }
  }

  CaptureStatus.Rows rows() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "select n_tup_ins, n_tup_upd, n_tup_del from pg_stat_user_tables"
                    + " where schemaname = 'public' and relname = 'events'")) {
      return row.next()
          ? new CaptureStatus.Rows(row.getLong(1), row.getLong(2), row.getLong(3))
          : new CaptureStatus.Rows(0, 0, 0);
    }
  }

  /** Drops both, once nobody reads the slot any more. */
  void drop() throws SQLException {
    for (int attempt = 1; slot() != null; attempt++) {
      try (PreparedStatement drop =
          connection.prepareStatement("select pg_drop_replication_slot(?)")) {
        drop.setString(1, NAME);
        drop.execute();
      } catch (SQLException e) {
        if (!IN_USE.equals(e.getSQLState()) || attempt == DROP_TRIES) {
          throw e;
        }
        ConnectApi.pause();
      }
    }
    try (Statement statement = connection.createStatement()) {
      statement.execute("drop publication if exists " + NAME);
    }
  }

  private boolean exists(String sql, String name) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(sql)) {
      query.setString(1, name);
      try (ResultSet row = query.executeQuery()) {
        return row.next();
      }
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
