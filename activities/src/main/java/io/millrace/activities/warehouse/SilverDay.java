package io.millrace.activities.warehouse;

import static io.millrace.activities.warehouse.schema.lake.Tables.SLICES;
import static org.jooq.impl.DSL.currentOffsetDateTime;

import io.millrace.workflows.lake.HourScope;
import io.millrace.workflows.warehouse.DayResult;
import java.time.LocalDate;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/**
 * Moves the bronze events of one UTC day that are not yet in silver.
 *
 * <p>Of an event that came more than once, the line of the object registered first is kept,
 * whatever its price or brand: identity says that they are the same event.
 *
 * <p>Of objects that were loaded again, silver's former rows are removed first, and remembered in
 * {@code silver.replaced_events} for gold; an event that another object has brought as well stays,
 * as that one's.
 */
final class SilverDay {
  static final String COLUMNS =
      """
      event_timestamp, product_id, category_id, user_id, price, object_id, event_date, event_id,
      event_type, user_session, brand, category_code
      """;

  private static final String INSERT =
      """
      INSERT INTO %1$s (%5$s)
      SELECT DISTINCT ON (event_id)
             event_time, product_id, category_id, user_id, price, object_id,
             DATE '%2$s', event_id, event_type, user_session, brand, category_code
        FROM bronze.events
       WHERE %4$s
         AND event_time >= '%2$s 00:00:00Z' AND event_time < '%3$s 00:00:00Z'
       ORDER BY event_id, object_id, line_number
      """;

  private static final String ON_CONFLICT = "ON CONFLICT (event_id, event_date) DO NOTHING";

  private static final String WITHDRAW =
      """
      WITH old AS (
        DELETE FROM %s WHERE event_date = '%s' AND object_id = ANY ({0})
        RETURNING user_id, product_id, event_date, event_id, user_session
      ), remembered AS (
        INSERT INTO silver.replaced_events (user_id, product_id, event_date, event_id, user_session)
        SELECT user_id, product_id, event_date, event_id, user_session FROM old
        ON CONFLICT (event_date, event_id) DO NOTHING
      )
      SELECT count(*) FROM old
      """;

  private static final String MISSING =
      """
      event_id IN (SELECT event_id FROM silver.replaced_events WHERE event_date = '%2$s'
                   EXCEPT SELECT event_id FROM %1$s WHERE event_date = '%2$s')
      """;

  private final DSLContext sql;
  private final LocalDate day;
  private final @Nullable HourScope hours;

  /**
   * Moves a day.
   *
   * @param hours only objects of these hours; null for all
   */
  SilverDay(DSLContext sql, LocalDate day, @Nullable HourScope hours) {
    this.sql = sql;
    this.day = day;
    this.hours = hours;
  }

  /** Whether bronze has events of the day that silver needs a partition for. */
  static boolean hasRows(DSLContext sql, LocalDate day) {
    return sql.fetchExists(
        SLICES,
        SLICES.EVENT_DATE.eq(day),
        SLICES.TRANSFORMED_AT.isNull(),
        SLICES.EVENT_ROWS.gt(0L));
  }

  /** Moves the day; its partition is there if it has events. */
  DayResult transform() {
    Locks.silverDay(sql, day);
    var slices =
        sql.select(SLICES.OBJECT_ID, SLICES.EVENT_ROWS, SLICES.REPLACING)
            .from(SLICES)
            .where(SLICES.EVENT_DATE.eq(day), SLICES.TRANSFORMED_AT.isNull())
            .and(HourObjects.slices(hours))
            .fetch();
    if (slices.isEmpty()) {
      return new DayResult(day.toString(), 0, 0, 0);
    }
    Long[] objects = slices.intoArray(SLICES.OBJECT_ID);
    long bronzeRows = slices.stream().mapToLong(slice -> slice.value2()).sum();
    // Nothing is known yet about rows that have just been loaded; their range index always pays.
    sql.execute("SET LOCAL enable_seqscan = off");
    @Nullable String partition = PartitionedTable.SILVER.partition(sql, day).orElse(null);
    Long[] replaced =
        slices.stream()
            .filter(slice -> slice.value3())
            .map(slice -> slice.value1())
            .toArray(Long[]::new);
    long replacedRows = 0;
    long silverRows = 0;
    if (partition != null) {
      replacedRows = replaced.length == 0 ? 0 : withdraw(partition, replaced);
      silverRows = bronzeRows == 0 ? 0 : insert(partition, objects);
      if (replacedRows > 0) {
        restore(partition, objects);
      }
      PartitionedTable.summarize(sql, partition);
    } else if (bronzeRows > 0) {
      throw new IllegalStateException("silver.events has no partition for " + day);
    }
    sql.update(SLICES)
        .set(SLICES.TRANSFORMED_AT, currentOffsetDateTime())
        .where(SLICES.EVENT_DATE.eq(day), SLICES.OBJECT_ID.eq(DSL.any(objects)))
        .execute();
    return new DayResult(
        day.toString(), bronzeRows, silverRows, bronzeRows - silverRows, replacedRows);
  }

  private long withdraw(String partition, Long[] objects) {
    return sql.fetchSingle(WITHDRAW.formatted(partition, day), DSL.val(objects)).get(0, Long.class);
  }

  /** Gives an event that is missing now to another object that has brought it. */
  private void restore(String partition, Long[] objects) {
    Long[] others =
        sql.select(SLICES.OBJECT_ID)
            .from(SLICES)
            .where(SLICES.EVENT_DATE.eq(day), SLICES.TRANSFORMED_AT.isNotNull())
            .and(SLICES.EVENT_ROWS.gt(0L))
            .and(SLICES.OBJECT_ID.ne(DSL.all(objects)))
            .fetchArray(SLICES.OBJECT_ID);
    String missing = MISSING.formatted(partition, day);
    if (others.length > 0
        && sql.fetchExists(DSL.selectOne().from("silver.replaced_events").where(missing))) {
      insertOf(partition, ObjectIds.condition("object_id", others) + " AND " + missing);
    }
  }

  /** The first events of a day cannot be there already, so none of them is looked up. */
  private long insertOf(String partition, String condition) {
    boolean first =
        !sql.fetchExists(DSL.selectOne().from(partition).where("event_date = {0}", DSL.val(day)));
    return sql.execute(
        INSERT.formatted(partition, day, day.plusDays(1), condition, COLUMNS)
            + (first ? "" : ON_CONFLICT));
  }

  private long insert(String partition, Long[] objects) {
    return insertOf(partition, ObjectIds.condition("object_id", objects));
  }
}
