package io.millrace.activities.warehouse;

import static io.millrace.activities.warehouse.schema.lake.Tables.SLICES;

import java.time.LocalDate;
import java.util.List;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;

/**
 * Slices of objects that are loaded again, or withdrawn: silver and gold of them give way to what
 * bronze has now. First silver follows, a day in one transaction, then gold, all in one.
 */
public final class ReplacedSlices {
  private ReplacedSlices() {}

  /**
   * Marks all that was derived from these objects as to be replaced, inside the transaction that
   * replaced their bronze rows. Waits for transactions that derive something from bronze or silver.
   *
   * @param settling adds the slices of the new rows
   */
  public static void reset(DSLContext sql, Long[] objects, Runnable settling) {
    Locks.gold(sql);
    Locks.dimensions(sql);
    List<LocalDate> days =
        sql.selectDistinct(SLICES.EVENT_DATE)
            .from(SLICES)
            .where(SLICES.OBJECT_ID.eq(DSL.any(objects)))
            .orderBy(SLICES.EVENT_DATE)
            .fetch(SLICES.EVENT_DATE);
    Locks.silverDays(sql, days);
    sql.execute(
        """
        UPDATE lake.slices
           SET replacing = replacing OR transformed_at IS NOT NULL, event_rows = 0,
               transformed_at = NULL, dimensions_at = NULL, sessions_at = NULL, facts_at = NULL,
               finished_at = NULL, online_at = NULL
         WHERE object_id = ANY ({0})
        """,
        DSL.val(objects));
    boolean replacing =
        sql.fetchExists(SLICES, SLICES.OBJECT_ID.eq(DSL.any(objects)), SLICES.REPLACING.isTrue());
    settling.run();
    if (replacing) {
      // Together with objects that are new, so that gold shows the hour as it was or as it is.
      sql.update(SLICES)
          .set(SLICES.REPLACING, true)
          .where(SLICES.OBJECT_ID.eq(DSL.any(objects)))
          .execute();
    } else {
      sql.deleteFrom(SLICES)
          .where(SLICES.OBJECT_ID.eq(DSL.any(objects)), SLICES.EVENT_ROWS.eq(0L))
          .execute();
    }
  }
}
