package io.millrace.activities.lake;

import io.millrace.activities.warehouse.ObjectIds;
import io.millrace.activities.warehouse.ReplacedSlices;
import java.util.List;
import org.jooq.DSLContext;

/** Rows of {@code bronze.events}, which silver and gold are derived from. */
final class BronzeRows implements HourIngest.Rows {

  @Override
  public long remove(DSLContext sql, List<Long> objectIds) {
    if (objectIds.isEmpty()) {
      return 0;
    }
    // The range index finds the rows of the objects, whatever the planner knows yet.
    sql.execute("SET LOCAL enable_seqscan = off");
    long removed =
        sql.execute(
            "DELETE FROM bronze.events WHERE "
                + ObjectIds.condition("object_id", objectIds.toArray(Long[]::new)));
    sql.execute("SET LOCAL enable_seqscan = on");
    return removed;
  }

  @Override
  public void follow(DSLContext sql, List<Long> objectIds, Runnable settling) {
    ReplacedSlices.reset(sql, objectIds.toArray(Long[]::new), settling);
  }
}
