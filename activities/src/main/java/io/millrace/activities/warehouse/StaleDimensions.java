package io.millrace.activities.warehouse;

import java.time.LocalDate;
import java.util.List;
import org.jooq.DSLContext;

/**
 * Dimension rows whose newest event was removed or written again: they get the newest one that
 * there is, and go if there is none. Inside the transaction of {@link GoldReplacement}, whose
 * temporary tables it reads.
 */
final class StaleDimensions {
  private final DSLContext sql;
  private final List<LocalDate> days;

  StaleDimensions(DSLContext sql, List<LocalDate> days) {
    this.sql = sql;
    this.days = days;
  }

  /** Looks from the latest partition on back, so that most are found in few. */
  void renew() {
    renew("product", "brand, price, price_tier");
    renew("category", "category_code, category_l1, category_l2, category_l3");
  }

  private void renew(String what, String columns) {
    sql.execute(
        """
        CREATE TEMP TABLE stale_%1$s ON COMMIT DROP AS
        SELECT %1$s_id FROM dwh.dim_%1$s WHERE as_of_event_id IN (SELECT event_id FROM gone)
        """
            .formatted(what));
    for (String partition : PartitionedTable.SILVER.partitions(sql)) {
      if (sql.fetchOptional("SELECT 1 FROM stale_%s LIMIT 1".formatted(what)).isEmpty()) {
        return;
      }
      renew(what, columns, partition);
    }
  }

  private void renew(String what, String columns, String partition) {
    sql.execute(
        """
        WITH newest AS (
          SELECT DISTINCT ON (%1$s_id) %1$s_id, %2$s, event_timestamp, event_id
            FROM %3$s e JOIN stale_%1$s USING (%1$s_id)
           WHERE NOT EXISTS (SELECT 1 FROM lake.slices s
                              WHERE s.object_id = e.object_id AND s.event_date = e.event_date
                                AND s.dimensions_at IS NULL AND NOT s.replacing)
           ORDER BY %1$s_id, event_timestamp DESC, event_id DESC
        ), renewed AS (
          UPDATE dwh.dim_%1$s t SET (%2$s, as_of, as_of_event_id) =
                 ROW (n.%4$s, n.event_timestamp, n.event_id)
            FROM newest n WHERE t.%1$s_id = n.%1$s_id
          RETURNING t.%1$s_id
        )
        DELETE FROM stale_%1$s s USING renewed r WHERE s.%1$s_id = r.%1$s_id
        """
            .formatted(what, columns, partition, columns.replace(", ", ", n.")));
  }

  /** Removes what has no event any more; once the facts are right. */
  void removeOrphans() {
    for (String what : List.of("product", "category")) {
      sql.execute(
          "DELETE FROM dwh.dim_%1$s d USING stale_%1$s s WHERE d.%1$s_id = s.%1$s_id"
              .formatted(what));
    }
    sql.execute(
        """
        DELETE FROM dwh.dim_user u USING (SELECT DISTINCT user_id FROM gone) g
         WHERE u.user_id = g.user_id
           AND NOT EXISTS (SELECT 1 FROM dwh.fact_events f WHERE f.user_id = u.user_id)
           AND NOT EXISTS (SELECT 1 FROM midway m WHERE m.user_id = u.user_id)
        """);
    for (LocalDate day : days) {
      sql.execute(
          """
          DELETE FROM dwh.dim_date d
           WHERE d.event_date = '%1$s'
             AND NOT EXISTS (SELECT 1 FROM dwh.fact_events f WHERE f.event_date = '%1$s')
             AND NOT EXISTS (SELECT 1 FROM midway m WHERE m.event_date = '%1$s')
          """
              .formatted(day));
    }
  }
}
