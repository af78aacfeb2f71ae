package io.millrace.activities.warehouse;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.events.Event;
import io.millrace.core.events.EventType;
import io.millrace.testing.Waiting;
import io.millrace.workflows.lake.IngestResult;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** 22 years of days on a PostgreSQL with room for as many locks as it has by default. */
class ManyDaysIT extends MigratedWarehouse {
  private static final LocalDate FIRST = LocalDate.parse("2004-01-01");
  private static final int DAYS = 8_000;
  private static final int MONTHS = 263;
  private static final String HOUR = "year=2004/month=01/day=01/hour=00/";

  @Test
  void eightThousandDaysGoThroughToGoldAndAreReadAtOnce() throws Exception {
    assertThat(rig.rows("SHOW max_locks_per_transaction")).containsExactly("64");
    rig.ingest(HOUR + "all", events());

    assertThat(rig.loadAll()).isEqualTo(DAYS / WarehouseFixture.DAYS_OF_A_RUN);

    for (String table : List.of("bronze.events", "silver.events", "dwh.fact_events")) {
      assertThat(rig.number("SELECT count(*) FROM " + table)).isEqualTo(DAYS);
    }
    assertThat(rig.number("SELECT count(*) FROM dwh.dim_date")).isEqualTo(DAYS);
    assertThat(rig.rows("SELECT DISTINCT events_in_session FROM dwh.fact_events"))
        .containsExactly("80");
    assertThat(partitions("silver.events")).isEqualTo(MONTHS);
    assertThat(partitions("dwh.fact_events")).isEqualTo(MONTHS);
    assertThat(locksOfATransactionOverBothTables()).isLessThan(4_000);
    assertEveryConnectionMayReadAllOfHistoryAtOnce();

    IngestResult again = rig.ingestHour(HOUR);
    assertThat(again.replacedRows()).isEqualTo(DAYS);
    rig.transformDays();
    assertThat(rig.loadGold().replaced()).isEqualTo(WarehouseFixture.DAYS_OF_A_RUN);
    assertThat(rig.number("SELECT count(*) FROM dwh.fact_events")).isEqualTo(DAYS);
  }

  @Test
  void aStrayDateMakesAtMostOnePartitionAndNoneOutsideOfTheWindow() throws Exception {
    List<Event> events = new ArrayList<>(TestEvents.some(100));
    LocalDate last = LocalDate.now(ZoneOffset.UTC).plusDays(2);
    List<LocalDate> strays =
        List.of(
            LocalDate.parse("0001-01-01"),
            LocalDate.parse("1994-12-31"),
            LocalDate.parse("1995-01-01"),
            last,
            last.plusDays(2),
            LocalDate.parse("9999-12-31"));
    for (LocalDate stray : strays) {
      events.add(TestEvents.event(stray + "T00:00:00Z", EventType.VIEW, 1, "s" + stray));
    }

    IngestResult ingested = rig.ingest("a", events);
    rig.loadAll();

    assertThat(ingested.quarantinedRows()).isEqualTo(4);
    assertThat(rig.rows("SELECT reason FROM quarantine.rows ORDER BY line_number"))
        .allSatisfy(
            reason ->
                assertThat(reason)
                    .contains("is outside of 1995-01-01 to ", "warehouse.days-ahead=2"));
    assertThat(rig.number("SELECT count(*) FROM dwh.fact_events")).isEqualTo(102);
    assertThat(partitions("dwh.fact_events")).isEqualTo(3);
    assertThat(partitions("silver.events")).isEqualTo(3);
  }

  private static List<Event> events() {
    List<Event> events = new ArrayList<>();
    for (int day = 0; day < DAYS; day++) {
      events.add(
          new Event(
              FIRST.plusDays(day).atTime(12, 0).toInstant(ZoneOffset.UTC),
              List.of(EventType.VIEW, EventType.CART, EventType.PURCHASE).get(day % 3),
              day % 7,
              day % 5,
              "a.b",
              "acme",
              1 + day,
              day % 100,
              "session-" + day % 100));
    }
    return events;
  }

  private long partitions(String table) {
    return rig.number(
        "SELECT count(*) FROM pg_inherits WHERE inhparent = '%s'::regclass".formatted(table));
  }

  private long locksOfATransactionOverBothTables() {
    return rig.warehouse.transaction(
        sql -> {
          sql.execute("SELECT count(*) FROM dwh.vw_ml_purchase_prediction");
          sql.execute("SELECT count(*) FROM silver.events");
          return sql.fetchSingle("SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid()")
              .get(0, Long.class);
        });
  }

  /** All connections of a pool of the default size hold the locks of a scan at the same time. */
  private void assertEveryConnectionMayReadAllOfHistoryAtOnce() throws Exception {
    int connections = PostgresConfig.DEFAULT_MAX_CONNECTIONS;
    ExecutorService threads = Executors.newFixedThreadPool(connections);
    CountDownLatch all = new CountDownLatch(connections);
    try {
      List<Future<Long>> reading = new ArrayList<>();
      for (int i = 0; i < connections; i++) {
        String user = String.valueOf(i);
        reading.add(
            threads.submit(
                () ->
                    rig.warehouse.transaction(
                        sql -> {
                          long facts =
                              sql.fetchSingle(
                                      "SELECT count(*) FROM dwh.fact_events WHERE user_id = "
                                          + user)
                                  .get(0, Long.class);
                          all.countDown();
                          Waiting.until("the scans of all", all::getCount, left -> left == 0);
                          return facts;
                        })));
      }
      for (Future<Long> read : reading) {
        assertThat(read.get()).isEqualTo(DAYS / 100);
      }
    } finally {
      threads.shutdownNow();
    }
  }
}
