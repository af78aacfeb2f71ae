package io.millrace.activities.warehouse;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.activities.quality.QualityActivitiesImpl;
import io.millrace.stack.Endpoints;
import io.millrace.workflows.quality.BronzeCheck;
import io.millrace.workflows.quality.GoldCheck;
import io.millrace.workflows.quality.QualityActivities;
import io.millrace.workflows.quality.QualityLimits;
import io.millrace.workflows.quality.QualityReport;
import io.millrace.workflows.quality.QualityThresholds;
import io.temporal.testing.TestActivityEnvironment;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every rule of the quality suites fails on data that break it, and holds on data that do not. */
class QualityRulesIT extends WarehouseServers {
  private static final QualityThresholds STRICT =
      new QualityThresholds(2_500, 0.001, 0.1, 0, 0.2, 5, 100);
  private static final String EXISTS = "expect_column_values_to_exist_in_table failed on ";

  private static String loaded = "";
  private final TestActivityEnvironment worker = TestActivityEnvironment.newInstance();
  private Warehouse warehouse;
  private QualityActivities quality;

  @BeforeAll
  static void loadOnce() throws Exception {
    try (PipelineFixture rig = PipelineFixture.start(stack.endpoints())) {
      rig.lake.put("year=2019/month=10/day=04/hour=00/a", TestEvents.some(2_000));
      rig.run();
      loaded = rig.jdbcUrl();
    }
  }

  @BeforeEach
  void copyTheLoadedWarehouse() throws SQLException {
    Endpoints.Postgres postgres = stack.endpoints().postgres();
    String name = "q" + UUID.randomUUID().toString().replace("-", "");
    try (Connection connection =
            DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), postgres.password());
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE DATABASE %s TEMPLATE %s".formatted(name, loaded.replaceFirst(".*/", "")));
    }
    String url = loaded.replaceFirst("/[^/]+$", "/" + name);
    warehouse = new Warehouse(PostgresConfig.of(url, postgres.user(), postgres.password()));
    worker.registerActivitiesImplementations(new QualityActivitiesImpl(warehouse));
    quality = worker.newActivityStub(QualityActivities.class);
  }

  @AfterEach
  void close() {
    warehouse.close();
    worker.close();
  }

  @Test
  void everyRuleHoldsOnWhatThePipelineLoads() {
    assertThat(gold(STRICT).summary()).isEqualTo("gold_layer_suite: 10 of 10 expectations hold");
    reopen();
    assertThat(bronze(STRICT).summary()).isEqualTo("raw_data_suite: 6 of 6 expectations hold");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          DELETE FROM dwh.fact_events WHERE event_id = ONE                     | silver.events.event_id: 1 of 2000
          DELETE FROM silver.events WHERE event_id = ONE                       | bronze.events.event_id: 1 of 2000
          DELETE FROM silver.events WHERE event_id = ONE                       | dwh.fact_events.event_id: 1 of 2000
          DELETE FROM bronze.events WHERE event_id = ONE                       | silver.events.event_id: 1 of 2000
          UPDATE dwh.fact_events SET event_id = sha256('x') WHERE event_id = ONE | silver.events.event_id: 1 of 2000
          UPDATE dwh.fact_events SET event_id = sha256('x') WHERE event_id = ONE | dwh.fact_events.event_id: 1 of 2000
          UPDATE dwh.fact_events SET events_in_session = 99 WHERE event_id = ONE | dwh.fact_events.(user_session, events_in_session): 1 of 2000
          """)
  void comparesTheLayers(String damage, String failure) {
    run(damage);

    QualityReport report = gold(STRICT);

    assertThat(report.success()).isFalse();
    assertThat(report.summary()).contains(EXISTS + failure);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          UPDATE dwh.fact_events SET event_type = 'buy' WHERE event_id = ONE  | expect_column_values_to_be_in_set failed on dwh.fact_events.event_type: 1 of 2000
          UPDATE dwh.fact_events SET price = -1 WHERE event_id = ONE          | expect_column_values_to_be_between failed on dwh.fact_events.price: 1 of 2000
          UPDATE dwh.fact_events SET price = 'NaN' WHERE event_id = ONE       | expect_column_values_to_be_between failed on dwh.fact_events.price: 1 of 2000
          UPDATE dwh.fact_events SET event_hour = 24 WHERE event_id = ONE     | expect_column_values_to_be_between failed on dwh.fact_events.event_hour: 1 of 2000
          DELETE FROM dwh.fact_events             | expect_table_row_count_to_be_between failed on dwh.fact_events: 0 rows
          INSERT INTO bronze.events SELECT * FROM bronze.events WHERE price < 1000 | expect_column_proportion_of_unique_values_to_be_between failed on bronze.events.event_id
          """)
  void checksGold(String damage, String failure) {
    run(damage);

    QualityReport report = gold(STRICT);

    assertThat(report.success()).isFalse();
    assertThat(report.summary()).contains(failure);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          DELETE FROM bronze.events                | expect_table_row_count_to_be_between failed on bronze.events: 0 rows
          DELETE FROM bronze.events WHERE event_id = ONE                       | expect_table_row_count_to_equal failed on bronze.events: 1999 rows, expected 2000 as in lake.slices
          UPDATE bronze.events SET event_type = 'buy' WHERE event_id = ONE     | expect_column_values_to_be_in_set failed on bronze.events.event_type: 1 of 2000
          UPDATE bronze.events SET price = 0 WHERE event_id = ONE              | expect_column_values_to_be_between failed on bronze.events.price: 1 of 2000
          UPDATE bronze.events SET price = 1e6 WHERE line_number <= 3          | expect_column_values_to_be_between failed on bronze.events.price: 3 of 2000 values (0.15 %) unexpected, at most 0.1 % allowed
          UPDATE lake.objects SET quarantined_rows = 1000                      | expect_column_values_to_be_in_set failed on lake.lines.verdict: 1000 of 3000
          """)
  void checksBronze(String damage, String failure) {
    reopen();
    run(damage);

    QualityReport report = bronze(STRICT);

    assertThat(report.success()).isFalse();
    assertThat(report.summary()).contains(failure);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          UPDATE bronze.events SET event_type = 'cart'                         | event_type
          UPDATE bronze.events SET price = price / 20                          | price
          UPDATE bronze.events SET brand = NULL                                | brand
          UPDATE bronze.events SET category_code = NULL                        | category_code
          """)
  void comparesDistributionsWithThoseOfRecentRuns(String shift, String column) {
    reopen();
    // The load was the first one.
    for (int run = 1; run < QualityThresholds.MIN_RECENT_RUNS; run++) {
      assertThat(bronze(STRICT).summary()).isEqualTo("raw_data_suite: 6 of 6 expectations hold");
    }
    assertThat(bronze(STRICT).summary()).isEqualTo("raw_data_suite: 10 of 10 expectations hold");
    run(shift);

    QualityReport report = bronze(STRICT);

    assertThat(report.success()).isFalse();
    assertThat(report.summary())
        .contains("expect_column_kl_divergence_to_be_less_than failed on bronze.events." + column);
    // Once accepted, the shift is part of what the next runs are compared with.
    QualityThresholds accepted = new QualityThresholds(2_500, 0.001, 0.1, 0, 100, 5, 100);
    assertThat(bronze(accepted).success()).isTrue();
    assertThat(bronze(STRICT).success()).isTrue();
  }

  @Test
  void checksNoSharesOfFewRows() {
    QualityThresholds manyRows = new QualityThresholds(1, 0, 0.1, 0, 0.2, 5, 2_001);
    reopen();
    for (int run = 0; run <= QualityThresholds.MIN_RECENT_RUNS; run++) {
      assertThat(bronze(STRICT).success()).isTrue();
    }

    assertThat(bronze(manyRows).summary()).isEqualTo("raw_data_suite: 5 of 5 expectations hold");
  }

  @Test
  void checksThatTheNewestEventIsNotOld() {
    QualityThresholds fresh = new QualityThresholds(2_500, 1, 1, 24, 0, 5, 1);
    reopen();

    assertThat(bronze(fresh).summary())
        .contains("expect_column_max_to_be_between failed on bronze.events.event_time")
        .contains("the newest value is 2019-10-08T");
    run("UPDATE bronze.events SET event_time = now() WHERE event_id = ONE");
    assertThat(bronze(fresh).success()).isTrue();
  }

  @Test
  void leavesOutWhatAnotherRunIsWorkingOn() {
    run("UPDATE lake.slices SET finished_at = NULL, facts_at = NULL");
    run("DELETE FROM dwh.fact_events WHERE event_id = ONE");
    assertThat(gold(STRICT).summary()).contains("10 of 10");

    run("UPDATE lake.slices SET transformed_at = NULL");
    run("DELETE FROM dwh.fact_events");
    run("DELETE FROM silver.events");
    assertThat(gold(STRICT).summary())
        .startsWith("gold_layer_suite: 8 of 9 expectations hold; expect_table_row_count");
  }

  private QualityReport gold(QualityThresholds thresholds) {
    List<String> days =
        List.of("2019-10-04", "2019-10-05", "2019-10-06", "2019-10-07", "2019-10-08");
    return quality.checkGold(new GoldCheck(QualityLimits.of(1, 100_000, 0.9, thresholds), days));
  }

  private QualityReport bronze(QualityThresholds thresholds) {
    QualityLimits limits = QualityLimits.of(1, 100_000, 0.9, thresholds);
    return quality.checkBronze(new BronzeCheck(limits, 0, List.of(), null)).quality();
  }

  /** As if nothing were through to gold yet. */
  private void reopen() {
    run("UPDATE lake.slices SET finished_at = NULL");
  }

  /** ONE is the identity of some event. */
  private void run(String statement) {
    int rows =
        warehouse.transaction(
            sql ->
                sql.execute(statement.replace("ONE", "(SELECT min(event_id) FROM bronze.events)")));
    assertThat(rows).as(statement).isPositive();
  }
}
