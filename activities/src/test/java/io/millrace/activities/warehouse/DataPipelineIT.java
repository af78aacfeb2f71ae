package io.millrace.activities.warehouse;

import static io.millrace.activities.warehouse.TestEvents.event;
import static io.millrace.core.events.EventType.CART;
import static io.millrace.core.events.EventType.PURCHASE;
import static io.millrace.core.events.EventType.VIEW;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.events.Event;
import io.millrace.engine.NodeState;
import io.millrace.engine.RunReport;
import io.millrace.engine.TaskReport;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Runs of the pipeline that meet what the lake brings in ordinary hours. */
class DataPipelineIT extends EmptyWarehouse {
  @Test
  void loadsEachEventOnceHoweverOftenItRuns() throws Exception {
    List<Event> events = TestEvents.some(1_500);
    rig.lake.put("year=2019/a", events.subList(0, 700));
    rig.lake.put("year=2019/b", events.subList(700, 1_500));

    RunReport first = rig.run();
    List<String> before = counts();
    RunReport second = rig.run();

    assertThat(first.tasks()).extracting(TaskReport::state).containsOnly(NodeState.SUCCESS);
    assertThat(before)
        .containsExactly("bronze 1500", "fact 1500", "quarantined 0", "results 2", "silver 1500");
    assertThat(counts()).isEqualTo(before);
    assertThat(second.task("check_minio_connection").state()).isEqualTo(NodeState.SUCCESS);
    assertThat(second.tasks().subList(1, 7))
        .extracting(TaskReport::state)
        .containsOnly(NodeState.SKIPPED);
    assertThat(second.task("list_new_objects").detail()).contains("No new objects");
  }

  @Test
  void isGreenWithEverythingSkippedWhenTheLakeIsEmpty() {
    RunReport report = rig.run();

    assertThat(report.state()).isEqualTo(RunReport.RunState.SUCCESS);
    assertThat(report.task("quality_check_gold_data").state()).isEqualTo(NodeState.SKIPPED);
  }

  @Test
  void twoRunsAtOnceLoadEachEventOnce() throws Exception {
    List<Event> events = TestEvents.some(4_000);
    for (int i = 0; i < 20; i++) {
      rig.lake.put("part-" + i, events.subList(i * 200, (i + 1) * 200));
    }

    CompletableFuture<RunReport> one = rig.start(rig.params());
    CompletableFuture<RunReport> two = rig.start(rig.params());

    assertThat(one.join().state()).isEqualTo(RunReport.RunState.SUCCESS);
    assertThat(two.join().state()).isEqualTo(RunReport.RunState.SUCCESS);
    assertThat(counts()).contains("bronze 4000", "silver 4000", "fact 4000");
    assertSessionsAreRight();
  }

  @Test
  void takesDuplicateEventsReSentObjectsAndLateOnesAsOne() throws Exception {
    List<Event> events = TestEvents.some(900);
    rig.lake.put("a", events.subList(0, 500));
    rig.run();

    rig.lake.put("a", events.subList(0, 600)); // the same key with other content
    rig.lake.put("copy-of-a", events.subList(0, 500));
    rig.lake.put("late", events.subList(300, 900));
    rig.run();

    assertThat(counts()).contains("bronze 2200", "silver 900", "fact 900");
    assertSessionsAreRight();
  }

  @Test
  void daysBeyondWhatARunTakesAreThoseOfTheNextRun() throws Exception {
    List<Event> events =
        IntStream.range(0, 405)
            .mapToObj(day -> Instant.parse("2018-01-01T00:00:00Z").plus(day, ChronoUnit.DAYS))
            .map(time -> event(time.toString(), VIEW, 1, "s"))
            .toList();
    rig.lake.put("a", events);

    RunReport first = rig.run();
    assertThat(first.task("transform_data").progress()).isEqualTo("400/400");
    assertThat(rig.number("SELECT count(*) FROM dwh.fact_events")).isEqualTo(400);
    rig.run();

    assertThat(counts()).contains("bronze 405", "silver 405", "fact 405");
    assertSessionsAreRight();
  }

  @Test
  void countsASessionOverAllRunsAndDays() throws Exception {
    rig.lake.put(
        "one",
        List.of(
            event("2019-10-05T23:59:58Z", VIEW, 1, "s"),
            event("2019-10-05T23:59:59Z", CART, 1, "s", 30, "acme", "a.b")));
    rig.run();
    rig.lake.put(
        "two", List.of(event("2019-10-06T00:00:03Z", PURCHASE, 1, "s", 20, "acme", "a.b")));
    rig.run();
    rig.lake.put("late", List.of(event("2019-10-05T12:00:00Z", VIEW, 2, "s")));
    rig.run();

    assertThat(
            rig.rows("SELECT event_timestamp, events_in_session FROM dwh.fact_events ORDER BY 1"))
        .hasSize(4)
        .allSatisfy(row -> assertThat(row).endsWith(" 4"));
    assertThat(
            rig.rows(
                "SELECT event_count, session_end - session_start, avg_price, min_price, max_price"
                    + " FROM silver.sessions"))
        .singleElement()
        .asString()
        .startsWith("4 ")
        .endsWith(" 17.5000000000000000 10.0 30.0");
    assertThat(rig.number("SELECT count(*) FROM silver.grown_sessions")).isZero();
  }

  @Test
  void keepsTheNewestOfAProductWhateverComesFirst() throws Exception {
    rig.lake.put("new", List.of(event("2019-10-05T10:00:00Z", VIEW, 1, "s", 300, "late", "x.y.z")));
    rig.run();
    rig.lake.put("old", List.of(event("2019-10-04T10:00:00Z", VIEW, 1, "s", 10, "early", "a.b")));
    rig.run();

    assertThat(rig.rows("SELECT brand, price, price_tier FROM dwh.dim_product"))
        .containsExactly("late 300.00 high");
    assertThat(rig.rows("SELECT category_code, category_l1, category_l3 FROM dwh.dim_category"))
        .containsExactly("x.y.z x z");
    assertThat(rig.rows("SELECT brand, price FROM dwh.fact_events ORDER BY event_timestamp"))
        .containsExactly("early 10.0", "late 300.0");
  }

  @Test
  void givesTrainingRowsAsOfTheirEvent() throws Exception {
    rig.lake.put(
        "a",
        List.of(
            event("2019-10-06T09:00:00Z", VIEW, 1, "s"), // a Sunday
            event("2019-10-06T09:00:05Z", CART, 1, "s", 49.5, "acme", "a.b.c"),
            event("2019-10-06T09:00:05Z", VIEW, 2, "s"), // the same instant counts
            event("2019-10-06T09:00:09Z", CART, 1, "s"), // not the first of its product
            event("2019-10-07T09:00:00Z", CART, 2, "s", 5, null, null),
            event("2019-10-06T09:10:00Z", PURCHASE, 1, "s"),
            event("2019-10-07T09:00:01Z", VIEW, 3, "s"),
            event("2019-10-07T09:00:00Z", PURCHASE, 2, "other"), // another session's
            event("2019-10-07T09:30:00Z", PURCHASE, 1, "other")));
    rig.run();

    assertThat(
            rig.rows(
                "SELECT product_id, brand, price, event_weekday, category_code_level1,"
                    + " category_code_level2, activity_count, is_purchased"
                    + " FROM dwh.vw_ml_purchase_prediction ORDER BY event_timestamp"))
        .containsExactly("1 acme 49.5 6 a b 3 1", "2 null 5.0 0 null null 6 0");
    assertThat(
            rig.rows(
                "SELECT day_of_week, event_weekday, is_weekend FROM dwh.dim_date ORDER BY"
                    + " event_date"))
        .containsExactly("Sunday 6 true", "Monday 0 false");
    assertThat(rig.number("SELECT view_count FROM dwh.vw_category_performance")).isEqualTo(3);
    assertThat(
            rig.number(
                "SELECT unique_products_viewed FROM dwh.vw_user_session_summary WHERE user_session"
                    + " = 's'"))
        .isEqualTo(3);
  }

  @Test
  void everyForeignKeyHoldsForEveryPartition() throws Exception {
    rig.lake.put("a", TestEvents.some(1_500));
    rig.run();

    assertThat(
            rig.number(
                "SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND convalidated"
                    + " AND conrelid::regclass::text LIKE 'dwh.fact_events_2%'"))
        .isEqualTo(
            4
                * rig.number(
                    "SELECT count(*) FROM pg_inherits WHERE inhparent ="
                        + " 'dwh.fact_events'::regclass"))
        .isPositive();
    assertThat(rig.number("SELECT count(*) FROM pg_index WHERE NOT indisvalid")).isZero();
  }

  private void assertSessionsAreRight() {
    assertThat(
            rig.number(
                "SELECT count(*) FROM (SELECT *, count(*) OVER (PARTITION BY user_session) AS n"
                    + " FROM dwh.fact_events) f WHERE n <> events_in_session"))
        .isZero();
  }

  private List<String> counts() {
    return rig.rows(
        """
        SELECT 'bronze', count(*) FROM bronze.events
        UNION ALL SELECT 'silver', count(*) FROM silver.events
        UNION ALL SELECT 'fact', count(*) FROM dwh.fact_events
        UNION ALL SELECT 'quarantined', count(*) FROM quarantine.rows
        UNION ALL SELECT 'results', count(*) FROM quality.results WHERE success
        ORDER BY 1
        """);
  }
}
