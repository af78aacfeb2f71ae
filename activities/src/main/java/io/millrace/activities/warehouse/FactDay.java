package io.millrace.activities.warehouse;

import static io.millrace.activities.warehouse.schema.lake.Tables.SLICES;
import static org.jooq.impl.DSL.currentOffsetDateTime;

import java.time.LocalDate;
import java.util.List;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;

/** Loads the facts of one UTC day whose dimensions are there. */
final class FactDay {
  static final String TABLE = "dwh.fact_events";

  static final String COLUMNS =
      """
      event_timestamp, user_id, product_id, category_id, price, event_date, events_in_session,
      event_hour, event_id, event_type, user_session, brand, category_l1, category_l2
      """;

  /** Only sessions that touch the day are joined, so that history does not weigh on it. */
  private static final String EVENTS =
      """
      SELECT e.event_timestamp, e.user_id, e.product_id, e.category_id, e.price, e.event_date,
             s.event_count, e.event_hour, e.event_id, e.event_type, e.user_session, e.brand,
             e.category_l1, e.category_l2
        FROM %3$s e
        JOIN (SELECT user_session, event_count FROM silver.sessions
               WHERE session_start < '%2$s 00:00:00Z' AND session_end >= '%1$s 00:00:00Z') s
          ON s.user_session = e.user_session
       WHERE %4$s
      """;

  /** Slices whose dimensions and sessions are there, and whose facts are not. */
  static final Condition IS_READY =
      SLICES
          .DIMENSIONS_AT
          .isNotNull()
          .and(SLICES.SESSIONS_AT.isNotNull())
          .and(SLICES.FACTS_AT.isNull())
          .and(SLICES.REPLACING.isFalse());

  private static final List<String> INDEXES =
      List.of(
          "(user_id)",
          "(product_id)",
          "(user_session)",
          "(event_type, user_session, product_id) WHERE event_type IN ('cart', 'purchase')");

  private final DSLContext sql;
  private final LocalDate day;

  FactDay(DSLContext sql, LocalDate day) {
    this.sql = sql;
    this.day = day;
  }

  /** The number of new facts. */
  int load() {
    Locks.factDay(sql, day);
    Long[] objects = objects(IS_READY);
    if (objects.length == 0) {
      return 0;
    }
    int rows = insert(objects);
    sql.update(SLICES)
        .set(SLICES.FACTS_AT, currentOffsetDateTime())
        .where(SLICES.EVENT_DATE.eq(day), SLICES.OBJECT_ID.eq(DSL.any(objects)))
        .execute();
    return rows;
  }

  private Long[] objects(Condition condition) {
    return sql.select(SLICES.OBJECT_ID)
        .from(SLICES)
        .where(SLICES.EVENT_DATE.eq(day), condition)
        .fetchArray(SLICES.OBJECT_ID);
  }

  private int insert(Long[] objects) {
    DayPartition partition = new DayPartition(TABLE, day);
    if (partition.exists(sql)) {
      return sql.execute(
          insert(partition, "e.object_id = ANY ({0})")
              + " ON CONFLICT (event_id, event_date) DO NOTHING",
          DSL.val(objects));
    }
    partition.create(sql);
    int rows = fill(partition, objects);
    attach(sql, partition);
    return rows;
  }

  /** The day's partition, which is made if it does not exist. */
  static DayPartition partition(DSLContext sql, LocalDate day) {
    DayPartition partition = new DayPartition(TABLE, day);
    if (!partition.exists(sql)) {
      partition.create(sql);
      attach(sql, partition);
    }
    return partition;
  }

  private static void attach(DSLContext sql, DayPartition partition) {
    partition.addKey(sql);
    for (String index : INDEXES) {
      sql.execute("CREATE INDEX ON %s %s".formatted(partition.table(), index));
    }
    partition.attach(sql);
  }

  /** Hashes the day's sessions, which beats looking each of them up, and keeps silver's order. */
  private int fill(DayPartition partition, Long[] objects) {
    Condition inSilver = SLICES.TRANSFORMED_AT.isNotNull().or(SLICES.REPLACING.isTrue());
    boolean wholeDay = objects(inSilver).length == objects.length;
    sql.execute("SET LOCAL enable_nestloop = off");
    sql.execute("SET LOCAL enable_mergejoin = off");
    int rows =
        wholeDay
            ? sql.execute(insert(partition, "true"))
            : sql.execute(insert(partition, "e.object_id = ANY ({0})"), DSL.val(objects));
    sql.execute("SET LOCAL enable_nestloop = on");
    sql.execute("SET LOCAL enable_mergejoin = on");
    return rows;
  }

  private String insert(DayPartition partition, String filter) {
    String silver = new DayPartition("silver.events", day).table();
    return "INSERT INTO %s (%s) %s"
        .formatted(
            partition.table(), COLUMNS, EVENTS.formatted(day, day.plusDays(1), silver, filter));
  }
}
