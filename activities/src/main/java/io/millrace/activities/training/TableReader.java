package io.millrace.activities.training;

import io.millrace.activities.PipelineException;
import io.millrace.core.models.Field;
import io.millrace.core.models.ModelDefinition;
import io.millrace.workflows.PipelineFailure;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import javax.sql.DataSource;

/** Reads a model's examples with a server-side cursor, in one snapshot. */
final class TableReader {
  private static final int FETCH_ROWS = 5_000;
  private static final int TIMEOUT_SECONDS = 600;
  private static final String UNDEFINED_TABLE = "42P01";
  private final ModelDefinition model;
  private final DataSource warehouse;

  TableReader(ModelDefinition model, DataSource warehouse) {
    this.model = model;
    this.warehouse = warehouse;
  }

  /**
   * Reads all rows.
   *
   * @param horizon of the label, see {@link io.millrace.core.features.PurchaseLabel}
   * @param progress told the row count now and then
   */
  TrainingTable read(Duration horizon, IntConsumer progress) {
    TrainingTable table = new TrainingTable(model);
    try (Connection connection = warehouse.getConnection()) {
      connection.setAutoCommit(false); // a cursor lives in a transaction
      connection.setReadOnly(true);
      setHorizon(connection, horizon);
      try (PreparedStatement select = connection.prepareStatement(sql())) {
        select.setFetchSize(FETCH_ROWS);
        select.setQueryTimeout(TIMEOUT_SECONDS);
        try (ResultSet result = select.executeQuery()) {
          while (result.next()) {
            table.add((name, column) -> column.add(result, name));
            if (table.size() % FETCH_ROWS == 0) {
              progress.accept(table.size());
            }
          }
        }
      } finally {
        connection.rollback();
      }
      return table;
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  /** The order makes equal contents equal bytes. */
  private String sql() {
    return "SELECT %s FROM %s ORDER BY %s"
        .formatted(
            model.columns().stream().map(Field::name).collect(Collectors.joining(", ")),
            model.source().relation(),
            String.join(", ", model.order()));
  }

  /** Of this transaction only. */
  private void setHorizon(Connection connection, Duration horizon) throws SQLException {
    try (PreparedStatement setting = connection.prepareStatement("SELECT set_config(?, ?, true)")) {
      setting.setString(1, model.source().labelHorizonSetting());
      setting.setString(2, horizon.toSeconds() + " seconds");
      boolean unused = setting.execute();
    }
  }

  private PipelineException failure(SQLException e) {
    if (UNDEFINED_TABLE.equals(e.getSQLState())) {
      return new PipelineException(
          PipelineFailure.INVALID_INPUT,
          "The warehouse has no %s. Run data_pipeline once, it migrates the schema."
              .formatted(model.source().relation()));
    }
    return new PipelineException(
        PipelineFailure.UNAVAILABLE,
        "Reading %s failed: %s".formatted(model.source().relation(), e.getMessage()),
        e);
  }
}
