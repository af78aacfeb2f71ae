package io.millrace.activities.warehouse;

import java.time.LocalDate;
import java.time.YearMonth;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.impl.DSL;

/**
 * Advisory locks that keep runs of the pipeline out of each other's way. Each is held until the
 * transaction ends, also when its process dies.
 *
 * <p>A transaction takes them in the order in which they stand here, and those of several days in
 * the order of their slots. Days share {@value #SLOTS} slots, because PostgreSQL has room for a
 * bounded number of locks, and a transaction may be about any number of days.
 */
final class Locks {
  private static final int SLOTS = 512;
  private static final long GOLD = 0x53L << 32;
  private static final long DIMENSIONS = 0x54L << 32;
  private static final int FACT_DAY = 0x52;
  private static final int SILVER_DAY = 0x51;
  private static final int PARTITIONS = 0x56;
  private static final int FACT_MONTH = 0x57;

  private Locks() {}

  /** Nobody writes facts, and nobody else writes sessions. */
  static void gold(DSLContext sql) {
    sql.execute("SELECT pg_advisory_xact_lock({0})", DSL.inline(GOLD));
  }

  /** Nobody writes facts, and nobody else writes dimensions. */
  static void dimensions(DSLContext sql) {
    sql.execute("SELECT pg_advisory_xact_lock({0})", DSL.inline(DIMENSIONS));
  }

  /**
   * One transaction at a time writes the facts of a day, and none while the counts of sessions
   * change, so that a fact sees each session either before or after; nor while dimensions change,
   * whose tables attaching a partition locks in another order. Nor do the days of silver grow. And
   * none of their months is attached meanwhile: the facts go to the table that was looked up.
   */
  static void factDays(DSLContext sql, Collection<LocalDate> days) {
    factWriter(sql);
    for (YearMonth month : new TreeSet<>(days.stream().map(YearMonth::from).toList())) {
      sql.execute(
          "SELECT pg_advisory_xact_lock_shared({0}, {1})", DSL.inline(FACT_MONTH), inline(month));
    }
    slots(sql, FACT_DAY, days);
    silverDays(sql, days);
  }

  /** One transaction attaches a month of facts, while no transaction writes facts of that month. */
  static void factMonth(DSLContext sql, YearMonth month) {
    factWriter(sql);
    sql.execute("SELECT pg_advisory_xact_lock({0}, {1})", DSL.inline(FACT_MONTH), inline(month));
  }

  private static Field<Integer> inline(YearMonth month) {
    return DSL.inline(month.getYear() * 12 + month.getMonthValue());
  }

  private static void factWriter(DSLContext sql) {
    sql.execute("SELECT pg_advisory_xact_lock_shared({0})", DSL.inline(GOLD));
    sql.execute("SELECT pg_advisory_xact_lock_shared({0})", DSL.inline(DIMENSIONS));
  }

  /** One transaction at a time writes a day of silver. */
  static void silverDay(DSLContext sql, LocalDate day) {
    silverDays(sql, List.of(day));
  }

  /** The same for several days. */
  static void silverDays(DSLContext sql, Collection<LocalDate> days) {
    slots(sql, SILVER_DAY, days);
  }

  /** Nobody reads or writes a partition of the month by its name. */
  static void merge(DSLContext sql, YearMonth month) {
    gold(sql);
    dimensions(sql);
    silverDays(
        sql, IntStream.rangeClosed(1, month.lengthOfMonth()).mapToObj(month::atDay).toList());
  }

  /** One transaction at a time makes partitions of a table. */
  static void partitions(DSLContext sql, PartitionedTable table) {
    sql.execute(
        "SELECT pg_advisory_xact_lock({0}, {1})", DSL.inline(PARTITIONS), DSL.inline(table.lock()));
  }

  private static void slots(DSLContext sql, int kind, Collection<LocalDate> days) {
    String slots =
        days.stream()
            .map(day -> Math.floorMod(day.toEpochDay(), SLOTS))
            .distinct()
            .sorted()
            .map(String::valueOf)
            .collect(Collectors.joining(","));
    sql.execute(
        "SELECT pg_advisory_xact_lock(%d, slot) FROM unnest('{%s}'::int[]) AS slot"
            .formatted(kind, slots));
  }
}
