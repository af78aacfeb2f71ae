package io.millrace.flink.sales;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.flink.BatchTarget;
import io.millrace.stack.Component;
import io.millrace.stack.Endpoints;
import io.millrace.stack.LocalStack;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A row at the limits is stored; one that PostgreSQL refuses is named and harms no other. */
class SalesTableIT {
  private static final Path MIGRATION =
      Path.of("../activities/src/main/resources/db/migration/V202611211450__sales.sql");

  private static LocalStack stack;

  @BeforeAll
  static void start() throws Exception {
    stack = LocalStack.forTests(Component.POSTGRES);
    execute(Files.readString(MIGRATION));
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  @BeforeEach
  void empty() throws SQLException {
    execute("TRUNCATE sales.rossman_sales");
    execute("ALTER TABLE sales.rossman_sales DROP CONSTRAINT IF EXISTS somebodys");
  }

  @Test
  void takesRowsAtTheLimits() throws Exception {
    List<SaleRow> rows = new ArrayList<>();
    for (String date : List.of("0001-01-01", "1969-12-31", "9999-12-31")) {
      for (long timestamp : new long[] {Long.MIN_VALUE, -1, 0, Long.MAX_VALUE}) {
        rows.add(row(rows.size() + 1, date, timestamp, "\uD83D\uDE00".repeat(127)));
      }
    }
    rows.add(row(Integer.MAX_VALUE, "2015-07-31", 1, "x"));

    assertThat(apply(rows)).isEqualTo(new BatchTarget.Outcome(rows.size()));
    assertThat(apply(rows)).isEqualTo(new BatchTarget.Outcome(0));
  }

  @Test
  void namesARowThatIsRefusedAndWritesTheOthers() throws Exception {
    execute("ALTER TABLE sales.rossman_sales ADD CONSTRAINT somebodys CHECK (store <> 2)");
    List<SaleRow> rows = new ArrayList<>();
    for (int store = 1; store <= 3; store++) {
      rows.add(row(store, "2015-07-31", 1, "x"));
    }

    BatchTarget.Outcome outcome = apply(rows);

    assertThat(outcome.changed()).isEqualTo(2);
    assertThat(outcome.refused()).singleElement().asString().contains("store=2", "somebodys");
    assertThat(stores()).containsExactly(1, 3);
  }

  private static SaleRow row(int store, String date, long timestamp, String product) {
    int most = Integer.MAX_VALUE;
    return new SaleRow(
        store,
        LocalDate.parse(date).toEpochDay(),
        most,
        most,
        1,
        1,
        "0",
        "1",
        product,
        timestamp,
        Long.MAX_VALUE);
  }

  private static BatchTarget.Outcome apply(List<SaleRow> rows) throws Exception {
    Endpoints.Postgres at = stack.endpoints().postgres();
    try (SalesTable table = new SalesTable(at.jdbcUrl(), at.user(), at.password())) {
      return table.apply(rows);
    }
  }

  private static List<Integer> stores() throws SQLException {
    List<Integer> stores = new ArrayList<>();
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery("SELECT store FROM sales.rossman_sales ORDER BY store")) {
      while (rows.next()) {
        stores.add(rows.getInt(1));
      }
    }
    return stores;
  }

  private static void execute(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static Connection connect() throws SQLException {
    Endpoints.Postgres at = stack.endpoints().postgres();
    return DriverManager.getConnection(at.jdbcUrl(), at.user(), at.password());
  }
}
