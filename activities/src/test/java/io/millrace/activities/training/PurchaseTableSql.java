package io.millrace.activities.training;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.sql.Types;
import java.util.Properties;

/** Fills a table with the columns of the warehouse's view. */
public final class PurchaseTableSql {
  private PurchaseTableSql() {}

  /** Replaces the table by the rows of a generated stream. */
  public static int fill(String jdbcUrl, String user, String password, long seed, int events)
      throws SQLException {
    PurchaseTable table = SyntheticPurchases.table(seed, events);
    Properties login = new Properties();
    login.setProperty("user", user);
    login.setProperty("password", password);
    try (Connection connection = DriverManager.getConnection(jdbcUrl, login);
        Statement ddl = connection.createStatement()) {
      connection.setAutoCommit(false);
      ddl.execute("CREATE SCHEMA IF NOT EXISTS dwh");
      ddl.execute("DROP TABLE IF EXISTS dwh.vw_ml_purchase_prediction");
      ddl.execute(
          """
          CREATE TABLE dwh.vw_ml_purchase_prediction (user_session text, product_id bigint,
            event_timestamp timestamptz, brand text, price numeric(12, 2), event_weekday smallint,
            category_code_level1 text, category_code_level2 text, activity_count bigint,
            is_purchased int)
          """);
      try (PreparedStatement insert =
          connection.prepareStatement(
              "INSERT INTO dwh.vw_ml_purchase_prediction VALUES (?,?,?,?,?,?,?,?,?,?)")) {
        for (int i = 0; i < table.size(); i++) {
          bind(insert, table.row(i));
          insert.addBatch();
        }
        int[] unused = insert.executeBatch();
      }
      connection.commit();
    }
    return table.size();
  }

  private static void bind(PreparedStatement insert, PurchaseTable.Row row) throws SQLException {
    insert.setString(1, row.session());
    insert.setLong(2, row.productId());
    insert.setTimestamp(3, Timestamp.from(row.time()));
    insert.setObject(4, row.brand(), Types.VARCHAR);
    insert.setDouble(5, row.price());
    insert.setInt(6, row.weekday());
    insert.setObject(7, row.level1(), Types.VARCHAR);
    insert.setObject(8, row.level2(), Types.VARCHAR);
    insert.setLong(9, row.activityCount());
    insert.setInt(10, row.purchased() ? 1 : 0);
  }
}
