package io.millrace.activities.warehouse;

import java.time.LocalDate;
import java.util.List;
import java.util.stream.Collectors;
import org.jooq.DSLContext;

/**
 * The silver events that dimensions and sessions have not seen yet: those of a fixed set of slices,
 * as a temporary table of this transaction, so that every statement sees the same ones.
 */
record Arrivals(List<LocalDate> days) {

  /** Fixes the set. Under the gold lock. */
  static Arrivals fix(DSLContext sql) {
    sql.execute(
        """
        CREATE TEMP TABLE arriving ON COMMIT DROP AS
        SELECT object_id, event_date FROM lake.slices
         WHERE finished_at IS NULL AND transformed_at IS NOT NULL AND dimensions_at IS NULL
        """);
    return new Arrivals(
        sql.fetch("SELECT DISTINCT event_date FROM arriving ORDER BY event_date")
            .into(LocalDate.class));
  }

  boolean isEmpty() {
    return days.isEmpty();
  }

  /**
   * The silver events as a FROM item named e; the days let the planner leave out other partitions.
   */
  String events() {
    return """
    (SELECT * FROM silver.events JOIN arriving USING (object_id, event_date)
      WHERE silver.events.event_date IN (%s)) e\
    """
        .formatted(days.stream().map(day -> "'" + day + "'").collect(Collectors.joining(", ")));
  }

  /** Marks the slices as seen. */
  void settle(DSLContext sql) {
    sql.execute(
        """
        UPDATE lake.slices s SET dimensions_at = now()
          FROM arriving a
         WHERE s.object_id = a.object_id AND s.event_date = a.event_date
        """);
  }
}
