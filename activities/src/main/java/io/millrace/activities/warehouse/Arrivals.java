package io.millrace.activities.warehouse;

import static io.millrace.activities.warehouse.schema.lake.Tables.SLICES;
import static org.jooq.impl.DSL.currentOffsetDateTime;

import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jooq.DSLContext;
import org.jooq.TableField;
import org.jooq.impl.DSL;

/**
 * The silver events that a part of gold has not seen yet, but for those that replace others ({@link
 * GoldReplacement}): those of a set of slices, fixed once, so that every statement of the
 * transaction sees the same ones.
 *
 * @param mark the time stamp that says that the part has seen a slice
 * @param objects the slices: ids of the objects of each day
 */
record Arrivals(TableField<?, OffsetDateTime> mark, Map<LocalDate, List<Long>> objects) {

  /** Fixes the set. Under the part's lock. */
  static Arrivals fix(DSLContext sql, TableField<?, OffsetDateTime> mark) {
    return new Arrivals(
        mark,
        new TreeMap<>(
            sql.select(SLICES.EVENT_DATE, SLICES.OBJECT_ID)
                .from(SLICES)
                .where(SLICES.FINISHED_AT.isNull(), SLICES.TRANSFORMED_AT.isNotNull())
                .and(mark.isNull())
                .and(SLICES.REPLACING.isFalse())
                .fetchGroups(SLICES.EVENT_DATE, SLICES.OBJECT_ID)));
  }

  boolean isEmpty() {
    return objects.isEmpty();
  }

  /** The events as a FROM item named e: plain scans of the days' partitions. */
  String events() {
    return objects.entrySet().stream()
        .map(day -> events(day.getKey(), day.getValue()))
        .collect(Collectors.joining("\nUNION ALL\n", "(", ") e"));
  }

  private static String events(LocalDate day, List<Long> ids) {
    return "SELECT * FROM %s WHERE object_id = ANY ('{%s}'::bigint[])"
        .formatted(
            new DayPartition("silver.events", day).table(),
            ids.stream().map(String::valueOf).collect(Collectors.joining(",")));
  }

  /** Marks the slices as seen. */
  void settle(DSLContext sql) {
    objects.forEach(
        (day, ids) ->
            sql.update(SLICES)
                .set(mark, currentOffsetDateTime())
                .where(SLICES.EVENT_DATE.eq(day))
                .and(SLICES.OBJECT_ID.eq(DSL.any(ids.toArray(Long[]::new))))
                .execute());
  }
}
