package io.millrace.activities.warehouse;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.events.Event;
import io.millrace.core.events.EventType;
import io.millrace.stack.Endpoints;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A warehouse of an earlier build, whose partitions are days, comes up and loses no row. */
class FormerDaysIT extends WarehouseServers {
  private static final String FORMER_SCHEMA = "202611301430";
  private static final LocalDate FIRST = LocalDate.parse("2018-01-01");
  private static final String CONTENT =
      """
      SELECT md5(string_agg(s::text, '' ORDER BY s.event_id)),
             (SELECT md5(string_agg(row (f.event_id, f.event_timestamp, f.user_id, f.price, f.brand,
                                         f.user_session)::text, '' ORDER BY f.event_id))
                FROM dwh.fact_events f WHERE f.event_date < '%1$s')
        FROM silver.events s WHERE s.event_date < '%1$s'
      """;

  private WarehouseFixture rig;

  @BeforeEach
  void start() throws Exception {
    rig = new WarehouseFixture(stack.endpoints());
    Endpoints.Postgres postgres = stack.endpoints().postgres();
    Flyway.configure()
        .dataSource(rig.jdbcUrl(), postgres.user(), postgres.password())
        .locations("classpath:db/migration")
        .target(FORMER_SCHEMA)
        .load()
        .migrate();
  }

  @AfterEach
  void stop() {
    rig.close();
  }

  @Test
  void daysStayAsTheyAreAndAreLoadedInto() throws Exception {
    formerDays(40);
    List<String> before = content(40);
    rig.warehouse.migrate();

    rig.ingest("a", List.of(event(3, "late"), event(3, "late"), event(39, "late")));
    rig.loadAll();

    assertThat(partitions("silver.events")).isEqualTo(40);
    assertThat(partitions("dwh.fact_events")).isEqualTo(40);
    assertThat(rig.number("SELECT count(*) FROM silver.events")).isEqualTo(40 * 3 + 2);
    rig.warehouse.transaction(
        sql ->
            sql.execute("DELETE FROM silver.events WHERE user_session = 'late'")
                + sql.execute("DELETE FROM dwh.fact_events WHERE user_session = 'late'"));
    assertThat(content(40)).isEqualTo(before);
  }

  @Test
  void aMonthThatGetsAnotherDayIsMergedAndOthersAreNot() throws Exception {
    formerDays(40); // January and nine days of February
    List<String> before = content(40);
    rig.warehouse.migrate();

    rig.ingest("a", List.of(event(40, "new"), event(60, "new"), event(0, "new")));
    rig.loadAll();

    assertThat(rig.rows(names("silver.events")))
        .hasSize(31 + 2)
        .contains("events_201802", "events_201803");
    assertThat(rig.rows(names("dwh.fact_events")))
        .hasSize(31 + 2)
        .contains("fact_events_201802", "fact_events_201803");
    assertThat(
            rig.rows(
                "SELECT DISTINCT events_in_session FROM dwh.fact_events WHERE user_session ="
                    + " 'new'"))
        .containsExactly("3");
    rig.warehouse.transaction(
        sql ->
            sql.execute("DELETE FROM silver.events WHERE user_session = 'new'")
                + sql.execute("DELETE FROM dwh.fact_events WHERE user_session = 'new'"));
    assertThat(content(40)).isEqualTo(before);
  }

  @Test
  void theOldestDaysAreMergedMonthByMonthUntilThereAreFew() throws Exception {
    int days = Partitions.KEPT_DAYS + 40;
    formerDays(days);
    List<String> before = content(days);
    rig.warehouse.migrate();

    for (int load = 0; load < 3; load++) {
      rig.ingest("load-" + load, List.of(event(days - 1, "load-" + load)));
      rig.loadAll();
    }

    // January, February; then there are few enough.
    assertThat(rig.rows(names("silver.events")).subList(0, 3))
        .containsExactly("events_201801", "events_201802", "events_20180301");
    assertThat(partitions("dwh.fact_events")).isEqualTo(days - 31 - 28 + 2);
    assertThat(content(days - 1)).isNotEqualTo(before);
    rig.warehouse.transaction(
        sql ->
            sql.execute("DELETE FROM silver.events WHERE user_session LIKE 'load-%'")
                + sql.execute("DELETE FROM dwh.fact_events WHERE user_session LIKE 'load-%'"));
    assertThat(content(days)).isEqualTo(before);
    assertThat(
            rig.number(
                "SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND convalidated AND"
                    + " conrelid = 'dwh.fact_events_201801'::regclass"))
        .isEqualTo(4);
  }

  /** What an earlier build has left of so many days: three events each, in its own partitions. */
  private void formerDays(int days) {
    rig.warehouse.transaction(
        sql -> {
          sql.execute(
              """
              INSERT INTO lake.objects (bucket, object_key, etag, size_bytes, state, settled_at)
              VALUES ('b', 'former', 'e', 1, 'loaded', now());
              INSERT INTO dwh.dim_user VALUES (1), (2), (3);
              INSERT INTO dwh.dim_product VALUES (1, 'b', 1, 'low', '2018-01-01Z', '\\x00');
              INSERT INTO dwh.dim_category VALUES (1, 'a.b', 'a', 'b', NULL, '2018-01-01Z', '\\x00');
              """);
          return days;
        });
    for (int day = 0; day < days; day++) {
      LocalDate date = FIRST.plusDays(day);
      rig.warehouse.transaction(
          sql ->
              sql.execute(
                  FORMER_DAY.formatted(date, date.plusDays(1), date.toString().replace("-", ""))));
    }
  }

  /** As an earlier build made it: a table of its own, filled, given its key, attached. */
  private static final String FORMER_DAY =
      """
      INSERT INTO dwh.dim_date VALUES ('%1$s', 'x', 0, 2018, 1, 1, false);
      INSERT INTO lake.slices
      SELECT object_id, '%1$s', 3, now(), now(), now(), now(), now() FROM lake.objects WHERE object_key = 'former';
      INSERT INTO silver.sessions (session_start, session_end, event_count, price_sum, min_price, max_price, user_session)
      VALUES ('%1$s 01:00Z', '%1$s 03:00Z', 3, 6, 1, 3, 'former-%1$s');
      CREATE TABLE silver.events_%3$s (LIKE silver.events INCLUDING GENERATED);
      INSERT INTO silver.events_%3$s (event_timestamp, product_id, category_id, user_id, price, object_id,
             event_date, event_id, event_type, user_session, brand, category_code)
      SELECT '%1$s 00:00Z'::timestamptz + n * interval '1 hour', 1, 1, n, n, o.object_id, '%1$s',
             sha256(('%1$s' || n)::bytea), 'view', 'former-%1$s', 'b', 'a.b'
        FROM generate_series(1, 3) n, lake.objects o WHERE o.object_key = 'former';
      ALTER TABLE silver.events_%3$s ADD PRIMARY KEY (event_id, event_date);
      ALTER TABLE silver.events ATTACH PARTITION silver.events_%3$s FOR VALUES FROM ('%1$s') TO ('%2$s');
      CREATE TABLE dwh.fact_events_%3$s (LIKE dwh.fact_events INCLUDING GENERATED);
      INSERT INTO dwh.fact_events_%3$s
      SELECT event_timestamp, user_id, product_id, category_id, price, event_date, 3, event_hour,
             event_id, event_type, user_session, brand, category_l1, category_l2
        FROM silver.events_%3$s;
      ALTER TABLE dwh.fact_events_%3$s ADD PRIMARY KEY (event_id, event_date);
      CREATE INDEX ON dwh.fact_events_%3$s (user_id);
      CREATE INDEX ON dwh.fact_events_%3$s (product_id);
      CREATE INDEX ON dwh.fact_events_%3$s (user_session);
      CREATE INDEX ON dwh.fact_events_%3$s (event_type, user_session, product_id)
       WHERE event_type IN ('cart', 'purchase');
      ALTER TABLE dwh.fact_events ATTACH PARTITION dwh.fact_events_%3$s FOR VALUES FROM ('%1$s') TO ('%2$s');
      """;

  private static Event event(int day, String session) {
    Instant time = FIRST.plusDays(day).atTime(12, 0).toInstant(ZoneOffset.UTC);
    return new Event(time, EventType.VIEW, 7, 8, "c.d", "other", 9, 10, session);
  }

  private List<String> content(int days) {
    return rig.rows(CONTENT.formatted(FIRST.plusDays(days)));
  }

  private long partitions(String table) {
    return rig.rows(names(table)).size();
  }

  private static String names(String table) {
    return ("SELECT relname FROM pg_inherits JOIN pg_class ON oid = inhrelid"
            + " WHERE inhparent = '%s'::regclass ORDER BY relname COLLATE \"C\"")
        .formatted(table);
  }
}
