package io.millrace.flink.sales;

import io.millrace.flink.BatchTarget;
import io.millrace.flink.TargetAwayException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The table of sales. A batch is one transaction; a row replaces that of an older message and never
 * that of a newer one, so that writing it again changes nothing. If PostgreSQL refuses a row, each
 * row of the batch is a transaction of its own. For one thread.
 */
final class SalesTable implements BatchTarget<SaleRow> {
  private static final Logger log = LoggerFactory.getLogger(SalesTable.class);
  private static final String UPSERT =
      """
      INSERT INTO sales.rossman_sales AS t (store, dayofweek, date, sales, customers, open, promo,
             stateholiday, schoolholiday, productname, source_time, source_offset)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (store, productname, date) DO UPDATE SET
             dayofweek = excluded.dayofweek, sales = excluded.sales,
             customers = excluded.customers, open = excluded.open, promo = excluded.promo,
             stateholiday = excluded.stateholiday, schoolholiday = excluded.schoolholiday,
             source_time = excluded.source_time, source_offset = excluded.source_offset
       WHERE (t.source_time, t.source_offset) < (excluded.source_time, excluded.source_offset)
      """;

  private static final long LAST_MILLI = 253_402_300_799_999L; // 9999-12-31T23:59:59.999Z

  private final String jdbcUrl;
  private final Properties properties = new Properties();
  private @Nullable Connection connection;

  SalesTable(String jdbcUrl, String user, String password) {
    this.jdbcUrl = jdbcUrl;
    properties.setProperty("user", user);
    properties.setProperty("password", password);
    properties.setProperty("ApplicationName", "millrace-sales");
    properties.setProperty("connectTimeout", "5");
    properties.setProperty("socketTimeout", "30");
    properties.setProperty("tcpKeepAlive", "true");
  }

  @Override
  public Outcome apply(List<SaleRow> rows) throws TargetAwayException {
    try {
      return new Outcome(upsert(rows));
    } catch (SQLException e) {
      if (isAboutARow(e)) {
        return applyEach(rows);
      }
      close();
      throw new TargetAwayException(e);
    }
  }

  private Outcome applyEach(List<SaleRow> rows) throws TargetAwayException {
    int changed = 0;
    List<String> refused = new ArrayList<>();
    for (SaleRow row : rows) {
      try {
        changed += upsert(List.of(row));
      } catch (SQLException e) {
        if (!isAboutARow(e)) {
          close();
          throw new TargetAwayException(e);
        }
        refused.add("%s: %s".formatted(row, e.getMessage()));
      }
    }
    return new Outcome(changed, refused);
  }

  private int upsert(List<SaleRow> rows) throws SQLException {
    Connection open = connection();
    try (PreparedStatement upsert = open.prepareStatement(UPSERT)) {
      for (SaleRow row : rows) {
        bind(upsert, row);
        upsert.addBatch();
      }
      int changed = Arrays.stream(upsert.executeBatch()).filter(count -> count > 0).sum();
      open.commit();
      return changed;
    } catch (SQLException e) {
      if (isAboutARow(e)) {
        open.rollback();
      }
      throw e;
    }
  }

  /** Data that a column cannot hold, or a constraint that somebody has added. */
  private static boolean isAboutARow(SQLException e) {
    String state = String.valueOf(e.getSQLState());
    return state.startsWith("22") || state.startsWith("23");
  }

  @Override
  public int bytes(SaleRow row) {
    return row.productName().length();
  }

  private Connection connection() throws SQLException {
    if (connection == null) {
      connection = DriverManager.getConnection(jdbcUrl, properties);
      connection.setAutoCommit(false);
    }
    return connection;
  }

  private static void bind(PreparedStatement upsert, SaleRow row) throws SQLException {
    LocalDate date = LocalDate.ofEpochDay(row.epochDay());
    upsert.setInt(1, row.store());
    upsert.setInt(2, date.getDayOfWeek().getValue());
    upsert.setObject(3, date.atStartOfDay());
    upsert.setInt(4, row.sales());
    upsert.setInt(5, row.customers());
    upsert.setInt(6, row.open());
    upsert.setInt(7, row.promo());
    upsert.setString(8, row.stateHoliday());
    upsert.setString(9, row.schoolHoliday());
    upsert.setString(10, row.productName());
    upsert.setObject(11, time(row.timestampMillis()));
    upsert.setLong(12, row.offset());
  }

  /** A record can have any time; a timestamptz holds those of the years 1970 to 9999. */
  private static OffsetDateTime time(long millis) {
    long held = Math.max(0, Math.min(millis, LAST_MILLI));
    return Instant.ofEpochMilli(held).atOffset(ZoneOffset.UTC);
  }

  @Override
  public void close() {
    if (connection != null) {
      try {
        connection.close();
      } catch (SQLException e) {
        log.debug("Closing a connection that is of no use any more", e);
      }
      connection = null;
    }
  }
}
