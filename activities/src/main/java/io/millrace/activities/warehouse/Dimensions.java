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

  int users() {
    return sql.execute(
        "INSERT INTO dwh.dim_user SELECT DISTINCT user_id FROM %s ON CONFLICT DO NOTHING"
            .formatted(arrivals.events()));
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

  /** Two hash passes are cheaper than sorting all events by key and time. */
  private int upsertNewest(String table, String key, String columns) {
    String all = columns + ", as_of, as_of_event_id";
    return sql.execute(
        """
        WITH newest AS MATERIALIZED (
          SELECT %2$s, max(event_timestamp) AS as_of FROM %4$s GROUP BY %2$s
        )
        INSERT INTO dwh.%1$s AS t (%2$s, %5$s)
        SELECT DISTINCT ON (%2$s) %2$s, %3$s, as_of, event_id
          FROM newest JOIN %4$s USING (%2$s)
         WHERE event_timestamp = as_of
         ORDER BY %2$s, event_id DESC
        ON CONFLICT (%2$s) DO UPDATE SET (%5$s) = ROW (%6$s)
         WHERE (excluded.as_of, excluded.as_of_event_id) > (t.as_of, t.as_of_event_id)
        """
            .formatted(table, key, columns, arrivals.events(), all, excluded(all)));
  }

  private static String excluded(String columns) {
    return "excluded." + columns.replace(", ", ", excluded.");
  }
}
