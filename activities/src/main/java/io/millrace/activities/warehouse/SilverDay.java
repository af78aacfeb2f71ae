package io.millrace.activities.warehouse;

import static io.millrace.activities.warehouse.schema.lake.Tables.SLICES;
import static org.jooq.impl.DSL.currentOffsetDateTime;

import io.millrace.workflows.warehouse.DayResult;
import java.time.LocalDate;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;

/**
 * Moves the bronze events of one UTC day that are not yet in silver.
 *
 * <p>Of an event that came more than once, the line of the object registered first is kept,
 * whatever its price or brand: identity says that they are the same event.
 */
final class SilverDay {
  private static final String COLUMNS =
      """
      event_timestamp, product_id, category_id, user_id, price, object_id, event_date, event_hour,
      event_id, event_type, user_session, day_of_week, price_tier, brand, category_code,
      category_l1, category_l2, category_l3
      """;

  /** The same derivations as core's CategoryLevels and PriceTier. */
  private static final String EVENTS =
      """
      SELECT DISTINCT ON (event_id)
             event_time, product_id, category_id, user_id, price, object_id, DATE '%1$s',
             extract(hour FROM event_time AT TIME ZONE 'UTC')::smallint,
             event_id, event_type, user_session, '%2$s',
             CASE WHEN price < 50 THEN 'low' WHEN price < 250 THEN 'medium'
                  WHEN price < 1000 THEN 'high' ELSE 'luxury' END,
             brand, category_code,
             nullif(split_part(category_code, '.', 1), ''),
             nullif(split_part(category_code, '.', 2), ''),
             nullif(split_part(category_code, '.', 3), '')
        FROM bronze.events
       WHERE object_id = ANY ({0})
         AND event_time >= '%1$s 00:00:00Z' AND event_time < '%3$s 00:00:00Z'
       ORDER BY event_id, object_id, line_number
      """;

  private final DSLContext sql;
  private final LocalDate day;

  SilverDay(DSLContext sql, LocalDate day) {
    this.sql = sql;
    this.day = day;
  }

  DayResult transform() {
    Locks.silverDay(sql, day);
    var slices =
        sql.select(SLICES.OBJECT_ID, SLICES.EVENT_ROWS)
            .from(SLICES)
            .where(SLICES.EVENT_DATE.eq(day), SLICES.TRANSFORMED_AT.isNull())
            .fetch();
    if (slices.isEmpty()) {
      return new DayResult(day.toString(), 0, 0, 0);
    }
    Long[] objects = slices.intoArray(SLICES.OBJECT_ID);
    long bronzeRows = slices.stream().mapToLong(slice -> slice.value2()).sum();
    // Nothing is known yet about rows that have just been loaded; their range index always pays.
    sql.execute("SET LOCAL enable_seqscan = off");
    long silverRows = insert(objects);
    sql.update(SLICES)
        .set(SLICES.TRANSFORMED_AT, currentOffsetDateTime())
        .where(SLICES.EVENT_DATE.eq(day), SLICES.OBJECT_ID.in(objects))
        .execute();
    return new DayResult(day.toString(), bronzeRows, silverRows, bronzeRows - silverRows);
  }

  private long insert(Long[] objects) {
    DayPartition partition = new DayPartition("silver.events", day);
    String events = EVENTS.formatted(day, Weekdays.name(day), day.plusDays(1));
    String insert = "INSERT INTO %s (%s) %s".formatted(partition.table(), COLUMNS, events);
    if (partition.exists(sql)) {
      return sql.execute(
          insert + " ON CONFLICT (event_id, event_date) DO NOTHING", DSL.val(objects));
    }
    partition.create(sql);
    long rows = sql.execute(insert, DSL.val(objects));
    partition.addKey(sql);
    partition.attach(sql);
    return rows;
  }
}
