package io.millrace.activities.warehouse;

import io.millrace.core.features.EventWeekday;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.jooq.DSLContext;

/**
 * Brings the dimensions up to the arriving events. Of a product or category the newest event wins,
 * of equal times the greater event_id, so that the order of runs does not matter.
 */
final class Dimensions {
  private final DSLContext sql;
  private final Arrivals arrivals;

  Dimensions(DSLContext sql, Arrivals arrivals) {
    this.sql = sql;
    this.arrivals = arrivals;
  }

  /**
   * Reads the arriving events twice: which keys there are and when each was last seen, then the
   * events of that instant.
   */
  Dimensions scan() {
    sql.execute(
        """
        CREATE TEMP TABLE arrived_keys ON COMMIT DROP AS
        SELECT user_id, product_id, category_id, max(event_timestamp) AS as_of
          FROM %s
         GROUP BY GROUPING SETS ((user_id), (product_id, category_id))
        """
            .formatted(arrivals.events()));
    sql.execute("ANALYZE arrived_keys (product_id)");
    sql.execute(
        """
        CREATE TEMP TABLE newest ON COMMIT DROP AS
        SELECT e.product_id, e.category_id, e.brand, e.price, e.price_tier, e.category_code,
               e.category_l1, e.category_l2, e.category_l3, e.event_timestamp AS as_of,
               e.event_id AS as_of_event_id
          FROM %s
          JOIN arrived_keys k
            ON k.product_id = e.product_id AND k.category_id = e.category_id
           AND k.as_of = e.event_timestamp
        """
            .formatted(arrivals.events()));
    return this;
  }

  int users() {
    return sql.execute(
        """
        INSERT INTO dwh.dim_user
        SELECT user_id FROM arrived_keys WHERE user_id IS NOT NULL ORDER BY user_id
        ON CONFLICT DO NOTHING
        """);
  }

  int products() {
    return upsertNewest("dim_product", "product_id", "brand, price, price_tier");
  }

  int categories() {
    return upsertNewest(
        "dim_category", "category_id", "category_code, category_l1, category_l2, category_l3");
  }

  int dates() {
    int rows = 0;
    for (LocalDate day : arrivals.objects().keySet()) {
      int weekday = EventWeekday.of(day.atStartOfDay().toInstant(ZoneOffset.UTC));
      rows +=
          sql.execute(
              """
              INSERT INTO dwh.dim_date
                (event_date, day_of_week, event_weekday, year, month, day, is_weekend)
              VALUES ('%s', '%s', %d, %d, %d, %d, %b) ON CONFLICT DO NOTHING
              """
                  .formatted(
                      day,
                      Weekdays.name(day),
                      weekday,
                      day.getYear(),
                      day.getMonthValue(),
                      day.getDayOfMonth(),
                      weekday >= 5));
    }
    return rows;
  }

  private int upsertNewest(String table, String key, String columns) {
    String all = columns + ", as_of, as_of_event_id";
    return sql.execute(
        """
        INSERT INTO dwh.%1$s AS t (%2$s, %3$s)
        SELECT DISTINCT ON (%2$s) %2$s, %3$s
          FROM newest
         ORDER BY %2$s, as_of DESC, as_of_event_id DESC
        ON CONFLICT (%2$s) DO UPDATE SET (%3$s) = ROW (%4$s)
         WHERE (excluded.as_of, excluded.as_of_event_id) > (t.as_of, t.as_of_event_id)
        """
            .formatted(table, key, all, excluded(all)));
  }

  private static String excluded(String columns) {
    return "excluded." + columns.replace(", ", ", excluded.");
  }
}
