package io.millrace.activities.warehouse;

import java.time.LocalDate;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.impl.DSL;

/**
 * Advisory locks that keep runs of the pipeline out of each other's way. Each is held until the
 * transaction ends, also when its process dies.
 */
final class Locks {
  private static final int SILVER_DAY = 0x51;
  private static final int FACT_DAY = 0x52;
  private static final long GOLD = 0x53L << 32;
  private static final long DIMENSIONS = 0x54L << 32;

  private Locks() {}

  /** One transaction at a time writes a day of silver. */
  static void silverDay(DSLContext sql, LocalDate day) {
    sql.execute("SELECT pg_advisory_xact_lock({0}, {1})", inline(SILVER_DAY), inline(day));
  }

  /**
   * One transaction at a time writes the facts of a day, and none while the counts of sessions
   * change, so that a fact sees each session either before or after; nor while dimensions change,
   * whose tables attaching a partition locks in another order. Nor does the day of silver grow.
   */
  static void factDay(DSLContext sql, LocalDate day) {
    sql.execute("SELECT pg_advisory_xact_lock_shared({0})", DSL.inline(GOLD));
    sql.execute("SELECT pg_advisory_xact_lock_shared({0})", DSL.inline(DIMENSIONS));
    sql.execute("SELECT pg_advisory_xact_lock({0}, {1})", inline(FACT_DAY), inline(day));
    silverDay(sql, day);
  }

  /** Nobody writes facts, and nobody else writes dimensions. */
  static void dimensions(DSLContext sql) {
    sql.execute("SELECT pg_advisory_xact_lock({0})", DSL.inline(DIMENSIONS));
  }

  /** Nobody writes facts, and nobody else writes sessions. */
  static void gold(DSLContext sql) {
    sql.execute("SELECT pg_advisory_xact_lock({0})", DSL.inline(GOLD));
  }

  private static Field<Integer> inline(int value) {
    return DSL.inline(value);
  }

  private static Field<Integer> inline(LocalDate day) {
    return inline(Math.toIntExact(day.toEpochDay()));
  }
}
