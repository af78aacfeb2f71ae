package io.millrace.activities.warehouse;

import static io.millrace.activities.warehouse.schema.lake.Tables.SLICES;
import static org.jooq.impl.DSL.any;

import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Record2;
import org.jooq.TableField;
import org.jooq.impl.DSL;

/**
 * Slices whose events are in silver, fixed once, so that every statement of a transaction sees the
 * same ones.
 *
 * @param objects ids of the objects of each day
 */
record Slices(TreeMap<LocalDate, List<Long>> objects) {
  private static final Condition IN_SILVER =
      SLICES.TRANSFORMED_AT.isNotNull().or(SLICES.REPLACING.isTrue());

  /** Those that fulfil the condition. */
  static Slices fix(DSLContext sql, Condition condition) {
    return new Slices(
        new TreeMap<>(
            sql.select(SLICES.EVENT_DATE, SLICES.OBJECT_ID)
                .from(SLICES)
                .where(condition)
                .fetchGroups(SLICES.EVENT_DATE, SLICES.OBJECT_ID)));
  }

  boolean isEmpty() {
    return objects.isEmpty();
  }

  NavigableSet<LocalDate> days() {
    return new TreeSet<>(objects.keySet());
  }

  /** Those of some days. */
  Slices of(Collection<LocalDate> days) {
    TreeMap<LocalDate, List<Long>> some = new TreeMap<>(objects);
    some.keySet().retainAll(days);
    return new Slices(some);
  }

  /** Their events as a FROM item named e: scans of the partitions that hold their days. */
  String events(DSLContext sql) {
    List<String> scans = new ArrayList<>();
    for (Map.Entry<String, NavigableSet<LocalDate>> partition :
        PartitionedTable.SILVER.partitions(sql, objects.keySet()).entrySet()) {
      scans.add(
          "SELECT * FROM %s e WHERE %s"
              .formatted(partition.getKey(), of(partition.getValue()).rows(sql)));
    }
    return scans.stream().collect(Collectors.joining("\nUNION ALL\n", "(", ") e"));
  }

  /**
   * The condition that a row of silver, named e, is one of theirs, in a form that the range index
   * of a partition answers with few searches. Not of no slices.
   */
  String rows(DSLContext sql) {
    List<Record2<Long, LocalDate>> others = others(sql);
    if (others.isEmpty()) {
      return ofDays();
    }
    Long[] ids = objects.values().stream().flatMap(List::stream).distinct().toArray(Long[]::new);
    NavigableSet<Long> ours = new TreeSet<>(List.of(ids));
    String mixed =
        others.stream()
            .filter(other -> ours.contains(other.value1()))
            .map(other -> "(%d, DATE '%s')".formatted(other.value1(), other.value2()))
            .collect(Collectors.joining(", "));
    String condition = ofDays() + " AND " + ObjectIds.condition("e.object_id", ids);
    return mixed.isEmpty()
        ? condition
        : "%s AND (e.object_id, e.event_date) NOT IN (%s)".formatted(condition, mixed);
  }

  private String ofDays() {
    LocalDate first = objects.firstKey();
    LocalDate last = objects.lastKey();
    String between = "e.event_date BETWEEN '%s' AND '%s'".formatted(first, last);
    if (objects.size() == last.toEpochDay() - first.toEpochDay() + 1) {
      return between;
    }
    String array =
        objects.keySet().stream().map(LocalDate::toString).collect(Collectors.joining(","));
    // The sum keeps the array away from the index.
    return "%s AND e.event_date + 0 = ANY ('{%s}'::date[])".formatted(between, array);
  }

  /** Others in silver of the same days. */
  private List<Record2<Long, LocalDate>> others(DSLContext sql) {
    return sql
        .select(SLICES.OBJECT_ID, SLICES.EVENT_DATE)
        .from(SLICES)
        .where(SLICES.EVENT_DATE.eq(any(objects.keySet().toArray(LocalDate[]::new))), IN_SILVER)
        .fetch()
        .stream()
        .filter(other -> !objects.getOrDefault(other.value2(), List.of()).contains(other.value1()))
        .toList();
  }

  /** Sets a time stamp of theirs to now. */
  void mark(DSLContext sql, TableField<?, OffsetDateTime> mark) {
    List<Long> ids = new ArrayList<>();
    List<LocalDate> days = new ArrayList<>();
    objects.forEach(
        (day, ofDay) -> {
          ids.addAll(ofDay);
          ofDay.forEach(id -> days.add(day));
        });
    sql.execute(
        """
        UPDATE lake.slices s SET {0} = current_timestamp
          FROM unnest({1}, {2}) AS m (object_id, event_date)
         WHERE s.object_id = m.object_id AND s.event_date = m.event_date
        """,
        DSL.name(mark.getName()),
        DSL.val(ids.toArray(Long[]::new)),
        DSL.val(days.toArray(LocalDate[]::new)));
  }
}
