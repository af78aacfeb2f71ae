package io.millrace.workers.demo;

import io.millrace.activities.warehouse.Warehouse;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/**
 * How many rows the warehouse holds, of all times.
 *
 * @param bronze lines of the lake that were loaded
 * @param distinct events among them
 * @param silver each event once
 * @param facts the same in gold
 * @param quarantined lines that could not be loaded
 * @param quarantinedObjects objects that could not be read
 */
public record Tables(
    long bronze,
    long distinct,
    long silver,
    long facts,
    long quarantined,
    long quarantinedObjects) {

  static Tables count(Warehouse warehouse) {
    return warehouse.transaction(
        sql ->
            new Tables(
                count(sql, "count(*) FROM bronze.events"),
                count(sql, "count(DISTINCT event_id) FROM bronze.events"),
                count(sql, "count(*) FROM silver.events"),
                count(sql, "count(*) FROM dwh.fact_events"),
                count(sql, "count(*) FROM quarantine.rows"),
                count(sql, "count(*) FROM quarantine.objects")));
  }

  private static long count(DSLContext sql, String what) {
    @Nullable Object value = sql.fetchValue("SELECT " + what);
    return value instanceof Number number ? number.longValue() : 0;
  }
}
