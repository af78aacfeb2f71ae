package io.millrace.activities.training;

import io.millrace.activities.PipelineException;
import io.millrace.workflows.PipelineFailure;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import javax.sql.DataSource;

/** Reads {@code dwh.vw_ml_purchase_prediction} with a server-side cursor, in one snapshot. */
final class PurchaseView {
  private static final int FETCH_ROWS = 5_000;
  private static final int TIMEOUT_SECONDS = 600;
  private static final String UNDEFINED_TABLE = "42P01";
  // The order makes equal contents equal bytes.
  private static final String SQL =
      "SELECT "
          + String.join(", ", DatasetCsv.COLUMNS)
          + " FROM dwh.vw_ml_purchase_prediction ORDER BY event_timestamp, user_session,"
          + " product_id";
  // Of this transaction only.
  private static final String HORIZON = "SELECT set_config('millrace.label_horizon', ?, true)";

  private final DataSource warehouse;

  PurchaseView(DataSource warehouse) {
    this.warehouse = warehouse;
  }

  /**
   * Reads all rows.
   *
   * @param horizon of the label, see {@link io.millrace.core.features.PurchaseLabel}
   * @param progress told the row count now and then
   */
  PurchaseTable read(Duration horizon, IntConsumer progress) {
    List<PurchaseTable.Row> rows = new ArrayList<>();
    try (Connection connection = warehouse.getConnection()) {
      connection.setAutoCommit(false); // a cursor lives in a transaction
      connection.setReadOnly(true);
      setHorizon(connection, horizon);
      try (PreparedStatement select = connection.prepareStatement(SQL)) {
        select.setFetchSize(FETCH_ROWS);
        select.setQueryTimeout(TIMEOUT_SECONDS);
        try (ResultSet result = select.executeQuery()) {
          while (result.next()) {
            rows.add(row(result));
            if (rows.size() % FETCH_ROWS == 0) {
              progress.accept(rows.size());
            }
          }
        }
      } finally {
        connection.rollback();
      }
      return new PurchaseTable(rows);
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  private static void setHorizon(Connection connection, Duration horizon) throws SQLException {
    try (PreparedStatement setting = connection.prepareStatement(HORIZON)) {
      setting.setString(1, horizon.toSeconds() + " seconds");
      boolean unused = setting.execute();
    }
  }

  private static PurchaseTable.Row row(ResultSet result) throws SQLException {
    return new PurchaseTable.Row(
        result.getString("user_session"),
        result.getLong("product_id"),
        result.getObject("event_timestamp", OffsetDateTime.class).toInstant(),
        DatasetCsv.nullable(result.getString("brand")),
        result.getDouble("price"),
        result.getInt("event_weekday"),
        DatasetCsv.nullable(result.getString("category_code_level1")),
        DatasetCsv.nullable(result.getString("category_code_level2")),
        result.getLong("activity_count"),
        result.getInt("is_purchased") != 0);
  }

  private static PipelineException failure(SQLException e) {
    if (UNDEFINED_TABLE.equals(e.getSQLState())) {
      return new PipelineException(
          PipelineFailure.INVALID_INPUT,
          "The warehouse has no dwh.vw_ml_purchase_prediction. Run data_pipeline once, it migrates"
              + " the schema.");
    }
    return new PipelineException(
        PipelineFailure.UNAVAILABLE,
        "Reading dwh.vw_ml_purchase_prediction failed: " + e.getMessage(),
        e);
  }
}
