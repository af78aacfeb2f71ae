package io.millrace.activities.warehouse;

import static io.millrace.activities.warehouse.schema.lake.Tables.SLICES;
import static org.jooq.impl.DSL.any;
import static org.jooq.impl.DSL.sum;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jooq.Condition;
import org.jooq.DSLContext;

/** Loads the facts of some days of one UTC month whose dimensions are there. */
final class FactDays {
  static final String COLUMNS =
      """
      event_timestamp, user_id, product_id, category_id, price, event_date, events_in_session,
      event_hour, event_id, event_type, user_session, brand, category_l1, category_l2
      """;

  /** Days with fewer rows than this are loaded together. */
  private static final long SMALL_ROWS = 100_000;

  /** Only sessions that touch the days are joined, so that history does not weigh on them. */
  private static final String EVENTS =
      """
      SELECT e.event_timestamp, e.user_id, e.product_id, e.category_id, e.price, e.event_date,
             s.event_count, e.event_hour, e.event_id, e.event_type, e.user_session, e.brand,
             e.category_l1, e.category_l2
        FROM %3$s
        JOIN (SELECT user_session, event_count FROM silver.sessions
               WHERE session_start < '%2$s 00:00:00Z' AND session_end >= '%1$s 00:00:00Z') s
          ON s.user_session = e.user_session
      """;

  /** Slices whose dimensions and sessions are there, and whose facts are not. */
  private static final Condition IS_READY =
      SLICES
          .DIMENSIONS_AT
          .isNotNull()
          .and(SLICES.SESSIONS_AT.isNotNull())
          .and(SLICES.FACTS_AT.isNull())
          .and(SLICES.FINISHED_AT.isNull())
          .and(SLICES.REPLACING.isFalse());

  private final DSLContext sql;
  private final NavigableSet<LocalDate> days;

  /** Loads days, which are of one month. */
  FactDays(DSLContext sql, NavigableSet<LocalDate> days) {
    this.sql = sql;
    this.days = days;
  }

  /** The days that have something to load, in parts that can be loaded side by side. */
  static List<NavigableSet<LocalDate>> ready(DSLContext sql) {
    List<NavigableSet<LocalDate>> parts = new ArrayList<>();
    long rows = SMALL_ROWS;
    for (var day :
        sql.select(SLICES.EVENT_DATE, sum(SLICES.EVENT_ROWS))
            .from(SLICES)
            .where(IS_READY)
            .groupBy(SLICES.EVENT_DATE)
            .orderBy(SLICES.EVENT_DATE)) {
      LocalDate date = day.value1();
      boolean begins =
          parts.isEmpty()
              || rows >= SMALL_ROWS
              || !YearMonth.from(parts.get(parts.size() - 1).first()).equals(YearMonth.from(date));
      if (begins) {
        parts.add(new TreeSet<>());
        rows = 0;
      }
      parts.get(parts.size() - 1).add(date);
      BigDecimal more = day.value2();
      rows += more == null ? 0 : more.longValue();
    }
    return parts;
  }

  /** The number of new facts. */
  int load() {
    Locks.factDays(sql, days);
    Slices slices =
        Slices.fix(sql, IS_READY.and(SLICES.EVENT_DATE.eq(any(days.toArray(LocalDate[]::new)))));
    if (slices.isEmpty()) {
      return 0;
    }
    int rows = 0;
    NavigableSet<LocalDate> without = slices.days();
    for (Map.Entry<String, NavigableSet<LocalDate>> partition :
        PartitionedTable.FACTS.partitions(sql, slices.days()).entrySet()) {
      rows += insert(partition.getKey(), slices.of(partition.getValue()));
      without.removeAll(partition.getValue());
    }
    if (!without.isEmpty()) {
      rows += fill(slices.of(without));
    }
    slices.mark(sql, SLICES.FACTS_AT);
    return rows;
  }

  private int insert(String partition, Slices slices) {
    // Nothing may be known yet about rows that have just been loaded; their range index always
    // pays.
    sql.execute("SET LOCAL enable_seqscan = off");
    int rows =
        sql.execute(
            insertInto(partition, slices) + " ON CONFLICT (event_id, event_date) DO NOTHING");
    sql.execute("SET LOCAL enable_seqscan = on");
    PartitionedTable.summarize(sql, partition);
    return rows;
  }

  /** Hashes the days' sessions, which beats looking each of them up, and keeps silver's order. */
  private int fill(Slices slices) {
    String table = PartitionedTable.FACTS.filling(YearMonth.from(days.first()));
    List<String> slow = List.of("enable_seqscan", "enable_nestloop", "enable_mergejoin");
    slow.forEach(way -> sql.execute("SET LOCAL %s = off".formatted(way)));
    int rows = sql.execute(insertInto(table, slices));
    slow.forEach(way -> sql.execute("SET LOCAL %s = on".formatted(way)));
    return rows;
  }

  private String insertInto(String table, Slices slices) {
    LocalDate end = slices.days().last().plusDays(1);
    String events = EVENTS.formatted(slices.days().first(), end, slices.events(sql));
    return "INSERT INTO %s (%s) %s".formatted(table, COLUMNS, events);
  }
}
