package io.millrace.activities.warehouse;

import io.millrace.core.features.EventWeekday;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.SortedSet;
import org.jooq.DSLContext;

/**
 * Brings the dimensions up to the arriving events. Of a product or category the newest event wins,
 * of equal times the greater event_id, so that the order of runs does not matter.
 */
final class Dimensions {
  private final DSLContext sql;
  private final String events;
  private final SortedSet<LocalDate> days;

  Dimensions(DSLContext sql, Slices arrivals) {
    this(sql, arrivals.events(sql), arrivals.days());
  }

  /**
   * Of any silver events.
   *
   * @param events a FROM item
   * @param days their days; at least one
   */
  Dimensions(DSLContext sql, String events, SortedSet<LocalDate> days) {
    this.sql = sql;
    this.events = events;
    this.days = days;
  }

  /** Finds the newest event of each product and category, and reads those few whole. */
  Dimensions scan() {
    // The greatest of whole rows spares a second scan; the way from a record to a type is text.
    sql.execute(
        """
        CREATE TEMP TABLE newest_refs ON COMMIT DROP AS
        SELECT (ref).event_date, (ref).event_id
          FROM (SELECT max(ROW (event_timestamp, event_id, event_date))::text::silver.event_ref AS ref
                  FROM %s
                 GROUP BY product_id, category_id) r
        """
            .formatted(events));
    sql.execute("ANALYZE newest_refs");
    sql.execute(
        """
        CREATE TEMP TABLE newest ON COMMIT DROP AS
        SELECT e.product_id, e.category_id, e.brand, e.price, e.price_tier, e.category_code,
               e.category_l1, e.category_l2, e.category_l3, e.event_timestamp AS as_of,
               e.event_id AS as_of_event_id
          FROM newest_refs JOIN silver.events e USING (event_id, event_date)
         WHERE e.event_date BETWEEN '%s' AND '%s'
        """
            .formatted(days.first(), days.last()));
    return this;
  }

  int users() {
    return sql.execute(
        """
        INSERT INTO dwh.dim_user
        SELECT user_id FROM (SELECT DISTINCT user_id FROM %s) u ORDER BY user_id
        ON CONFLICT DO NOTHING
        """
            .formatted(events));
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
    for (LocalDate day : days) {
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
