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
  private static final String INSERT =
      """
      INSERT INTO %1$s (event_timestamp, product_id, category_id, user_id, price, object_id,
             event_date, event_id, event_type, user_session, brand, category_code)
      SELECT DISTINCT ON (event_id)
             event_time, product_id, category_id, user_id, price, object_id,
             DATE '%2$s', event_id, event_type, user_session, brand, category_code
        FROM bronze.events
       WHERE %4$s
         AND event_time >= '%2$s 00:00:00Z' AND event_time < '%3$s 00:00:00Z'
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
        .where(SLICES.EVENT_DATE.eq(day), SLICES.OBJECT_ID.eq(DSL.any(objects)))
        .execute();
    return new DayResult(day.toString(), bronzeRows, silverRows, bronzeRows - silverRows);
  }

  private long insert(Long[] objects) {
    DayPartition partition = new DayPartition("silver.events", day);
    String insert =
        INSERT.formatted(
            partition.table(), day, day.plusDays(1), ObjectIds.condition("object_id", objects));
    if (partition.exists(sql)) {
      return sql.execute(insert + " ON CONFLICT (event_id, event_date) DO NOTHING");
    }
    partition.create(sql);
    long rows = sql.execute(insert);
    partition.addKey(sql);
    partition.attach(sql);
    return rows;
  }
}
