package io.millrace.activities.lake;

import io.millrace.activities.warehouse.ObjectIds;
import java.util.List;
import org.jooq.DSLContext;

/** Rows of {@code dwh.predictions}, which nothing is derived from. */
final class PredictionRows implements HourIngest.Rows {

  @Override
  public long remove(DSLContext sql, List<Long> objectIds) {
    return objectIds.isEmpty()
        ? 0
        : sql.execute(
            "DELETE FROM dwh.predictions WHERE "
                + ObjectIds.condition("object_id", objectIds.toArray(Long[]::new)));
  }

  @Override
  public void follow(DSLContext sql, List<Long> objectIds, Runnable settling) {
    settling.run();
  }
}
