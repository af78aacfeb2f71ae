package io.millrace.activities.training;

import io.millrace.core.models.Field;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** Fills a table with the columns of the warehouse's view. */
public final class PurchaseTableSql {
  private PurchaseTableSql() {}

  /** Replaces the table by the rows of a generated stream. */
  public static int fill(String jdbcUrl, String user, String password, long seed, int events)
      throws SQLException {
    TrainingTable table = SyntheticPurchases.table(seed, events);
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
          bind(insert, table, i);
          insert.addBatch();
        }
        int[] unused = insert.executeBatch();
      }
      connection.commit();
    }
    return table.size();
  }

  private static void bind(PreparedStatement insert, TrainingTable table, int row)
      throws SQLException {
    int parameter = 1;
    for (Field field : table.model().columns()) {
      @Nullable Object value = table.column(field.name()).value(row);
      if (value instanceof Instant time) {
        insert.setTimestamp(parameter++, Timestamp.from(time));
      } else {
        insert.setObject(parameter++, value);
      }
    }
  }
}
