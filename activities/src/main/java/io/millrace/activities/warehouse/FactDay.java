package io.millrace.activities.warehouse;

import static io.millrace.activities.warehouse.schema.lake.Tables.SLICES;
import static org.jooq.impl.DSL.currentOffsetDateTime;

import java.time.LocalDate;
import java.util.List;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;

/** Loads the facts of one UTC day whose dimensions are there. */
final class FactDay {
  private static final String COLUMNS =
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
        FROM silver.events e
        JOIN (SELECT user_session, event_count FROM silver.sessions
               WHERE session_start < '%2$s 00:00:00Z' AND session_end >= '%1$s 00:00:00Z') s
          ON s.user_session = e.user_session
       WHERE e.event_date = '%1$s' AND e.object_id = ANY ({0})
      """;

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
    Long[] objects =
        sql.select(SLICES.OBJECT_ID)
            .from(SLICES)
            .where(SLICES.EVENT_DATE.eq(day))
            .and(SLICES.DIMENSIONS_AT.isNotNull().and(SLICES.FACTS_AT.isNull()))
            .fetchArray(SLICES.OBJECT_ID);
    if (objects.length == 0) {
      return 0;
    }
    int rows = insert(objects);
    sql.update(SLICES)
        .set(SLICES.FACTS_AT, currentOffsetDateTime())
        .where(SLICES.EVENT_DATE.eq(day), SLICES.OBJECT_ID.in(objects))
        .execute();
    return rows;
  }

  private int insert(Long[] objects) {
    DayPartition partition = new DayPartition("dwh.fact_events", day);
    String insert =
        "INSERT INTO %s (%s) %s"
            .formatted(partition.table(), COLUMNS, EVENTS.formatted(day, day.plusDays(1)));
    if (partition.exists(sql)) {
      return sql.execute(
          insert + " ON CONFLICT (event_id, event_date) DO NOTHING", DSL.val(objects));
    }
    partition.create(sql);
    int rows = sql.execute(insert, DSL.val(objects));
    partition.addKey(sql);
    for (String index : INDEXES) {
      sql.execute("CREATE INDEX ON %s %s".formatted(partition.table(), index));
    }
    partition.attach(sql);
    return rows;
  }
}
