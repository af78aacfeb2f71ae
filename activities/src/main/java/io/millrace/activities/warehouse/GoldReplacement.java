package io.millrace.activities.warehouse;

import static io.millrace.activities.warehouse.schema.lake.Tables.SLICES;

import java.time.LocalDate;
import java.time.YearMonth;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;

/**
 * Lets gold follow what silver has replaced, in one transaction: facts, sessions and dimensions are
 * those of before or those of after, and in both cases those that one load of all objects would
 * give.
 *
 * <p>What a session, a product or a category was is not undone but computed again, from the facts
 * and events that there are.
 */
final class GoldReplacement {
  private static final String FIX_SLICES =
      """
      CREATE TEMP TABLE replaced_slices ON COMMIT DROP AS
      SELECT object_id, event_date FROM lake.slices
       WHERE replacing AND transformed_at IS NOT NULL AND event_date = ANY ('%1$s'::date[])
      """;

  private static final String FIX_GONE =
      """
      CREATE TEMP TABLE gone ON COMMIT DROP AS
      SELECT * FROM silver.replaced_events WHERE event_date = ANY ('%1$s'::date[])
      """;

  /** Those of the slices, and those that another object has instead, if gold knows that one. */
  private static final String FIX_FRESH =
      """
      CREATE TEMP TABLE fresh ON COMMIT DROP AS
      SELECT e.event_timestamp, e.product_id, e.category_id, e.user_id, e.price, e.event_date,
             e.event_id, e.event_type, e.user_session, e.brand, e.category_code, e.event_hour,
             e.category_l1, e.category_l2
        FROM silver.events e
       WHERE e.event_date = ANY ('%1$s'::date[])
         AND ((e.object_id, e.event_date) IN (SELECT object_id, event_date FROM replaced_slices)
           OR (e.event_id IN (SELECT event_id FROM gone)
               AND EXISTS (SELECT 1 FROM lake.slices s
                            WHERE s.object_id = e.object_id AND s.event_date = e.event_date
                              AND s.sessions_at IS NOT NULL AND NOT s.replacing)))
      """;

  /** Another load is between its steps: these are in dimensions or sessions, and not in facts. */
  private static final String FIX_MIDWAY =
      """
      CREATE TEMP TABLE midway ON COMMIT DROP AS
      SELECT e.event_id, e.event_date, e.event_timestamp, e.price, e.user_id, e.user_session,
             s.sessions_at IS NOT NULL AS in_session
        FROM silver.events e JOIN lake.slices s USING (object_id, event_date)
       WHERE e.event_date = ANY ('%1$s'::date[])
         AND s.facts_at IS NULL AND NOT s.replacing
         AND coalesce(s.sessions_at, s.dimensions_at) IS NOT NULL
      """;

  private static final Condition IS_MIDWAY =
      SLICES
          .FINISHED_AT
          .isNull()
          .and(SLICES.FACTS_AT.isNull())
          .and(DSL.coalesce(SLICES.SESSIONS_AT, SLICES.DIMENSIONS_AT).isNotNull());

  private static final String INSERT_FACTS =
      """
      INSERT INTO %1$s (%2$s)
      SELECT event_timestamp, user_id, product_id, category_id, price, event_date, 1, event_hour,
             event_id, event_type, user_session, brand, category_l1, category_l2
        FROM fresh WHERE event_date BETWEEN '%3$s' AND '%4$s'
      ON CONFLICT (event_id, event_date) DO NOTHING
      """;

  /** Each touched session with its events as they were, and with those that are fresh. */
  private static final String SPANS =
      """
      (SELECT session_start, session_end FROM silver.sessions JOIN touched_sessions USING (user_session)
        UNION ALL
       SELECT min(event_timestamp), max(event_timestamp) FROM fresh) spans
      """;

  private final DSLContext sql;
  private final List<LocalDate> days;
  private final String dayArray;

  private GoldReplacement(DSLContext sql, List<LocalDate> days) {
    this.sql = sql;
    this.days = days;
    this.dayArray = array(days);
  }

  private static String array(List<LocalDate> days) {
    return days.stream().map(LocalDate::toString).collect(Collectors.joining(",", "{", "}"));
  }

  /**
   * What was replaced.
   *
   * @param days those that have facts now, in order
   * @param facts facts written
   * @param removed facts removed; most of them are written again
   */
  record Replaced(List<LocalDate> days, long facts, long removed) {}

  static Replaced apply(DSLContext sql) {
    Locks.gold(sql);
    Locks.dimensions(sql);
    List<LocalDate> days =
        days(sql, SLICES.REPLACING.isTrue().and(SLICES.TRANSFORMED_AT.isNotNull()));
    if (days.isEmpty()) {
      return new Replaced(List.of(), 0, 0);
    }
    Locks.silverDays(sql, days);
    GoldLoader.attachAll(sql);
    return new GoldReplacement(sql, days).replace();
  }

  private static List<LocalDate> days(DSLContext sql, Condition condition) {
    return sql.selectDistinct(SLICES.EVENT_DATE)
        .from(SLICES)
        .where(condition)
        .orderBy(SLICES.EVENT_DATE)
        .fetch(SLICES.EVENT_DATE);
  }

  private Replaced replace() {
    fix();
    long removed = removeFacts();
    Dimensions dimensions = new Dimensions(sql, "fresh e", new TreeSet<>(days)).scan();
    dimensions.dates();
    dimensions.users();
    dimensions.products();
    dimensions.categories();
    StaleDimensions stale = new StaleDimensions(sql, days);
    stale.renew();
    long facts = insertFacts();
    recountSessions();
    stale.removeOrphans();
    settle();
    return new Replaced(daysWithFacts(), facts, removed);
  }

  private void fix() {
    for (String statement : List.of(FIX_SLICES, FIX_GONE, FIX_FRESH)) {
      sql.execute(statement.formatted(dayArray));
    }
    sql.execute(FIX_MIDWAY.formatted(array(days(sql, IS_MIDWAY))));
    sql.execute("ANALYZE gone, fresh, midway");
  }

  private long removeFacts() {
    long removed = 0;
    for (String partition : PartitionedTable.FACTS.partitions(sql, days).keySet()) {
      removed +=
          sql.execute(
              "DELETE FROM %s f USING gone g WHERE f.event_id = g.event_id AND f.event_date = g.event_date"
                  .formatted(partition));
    }
    return removed;
  }

  private long insertFacts() {
    List<LocalDate> fresh =
        sql.resultQuery("SELECT DISTINCT event_date FROM fresh").fetchInto(LocalDate.class);
    for (YearMonth month : PartitionedTable.FACTS.missing(sql, fresh)) {
      PartitionedTable.FACTS.open(sql, month);
    }
    long facts = 0;
    for (Map.Entry<String, NavigableSet<LocalDate>> partition :
        PartitionedTable.FACTS.partitions(sql, fresh).entrySet()) {
      LocalDate first = partition.getValue().first();
      LocalDate last = partition.getValue().last();
      facts +=
          sql.execute(INSERT_FACTS.formatted(partition.getKey(), FactDays.COLUMNS, first, last));
    }
    return facts;
  }

  /** Sessions that lost or got events, from their facts; and the count that each fact has. */
  private void recountSessions() {
    sql.execute(
        """
        CREATE TEMP TABLE touched_sessions ON COMMIT DROP AS
        SELECT user_session FROM gone UNION SELECT user_session FROM fresh
        """);
    sql.execute("ANALYZE touched_sessions");
    String span = Sessions.span(sql, SPANS);
    sql.execute(
        "DELETE FROM silver.sessions s USING touched_sessions t WHERE s.user_session ="
            + " t.user_session");
    sql.execute(
        """
        INSERT INTO silver.sessions (user_session, session_start, session_end, event_count,
          price_sum, min_price, max_price)
        SELECT user_session, min(event_timestamp), max(event_timestamp), count(*),
               sum((price * 1000000)::bigint) / 1000000, min(price), max(price)
          FROM (SELECT t.user_session, f.event_id, f.event_timestamp, f.price
                  FROM touched_sessions t JOIN dwh.fact_events f ON f.user_session = t.user_session
                 WHERE %s
                 UNION
                SELECT user_session, event_id, event_timestamp, price
                  FROM midway JOIN touched_sessions USING (user_session) WHERE in_session) e
         GROUP BY user_session
        """
            .formatted(span));
    Sessions.recount(sql, "touched_sessions", span);
  }

  private void settle() {
    sql.execute(
        """
        UPDATE lake.slices s
           SET replacing = false, dimensions_at = now(), sessions_at = now(), facts_at = now(),
               finished_at = now(), online_at = NULL
          FROM replaced_slices r
         WHERE s.object_id = r.object_id AND s.event_date = r.event_date
        """);
    sql.execute(
        """
        DELETE FROM lake.slices s USING replaced_slices r
         WHERE s.object_id = r.object_id AND s.event_date = r.event_date AND s.event_rows = 0
        """);
    sql.execute(
        "DELETE FROM silver.replaced_events WHERE event_date = ANY ('%s'::date[])"
            .formatted(dayArray));
  }

  private List<LocalDate> daysWithFacts() {
    return sql.resultQuery(
            """
            SELECT d.day FROM unnest('%1$s'::date[]) AS d (day)
             WHERE EXISTS (SELECT 1 FROM dwh.fact_events f
                            WHERE f.event_date = d.day AND f.event_date = ANY ('%1$s'::date[]))
             ORDER BY d.day
            """
                .formatted(dayArray))
        .fetchInto(LocalDate.class);
  }
}
