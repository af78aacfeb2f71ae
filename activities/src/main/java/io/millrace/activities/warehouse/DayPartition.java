package io.millrace.activities.warehouse;

import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;

/**
 * One day's partition of a table that is partitioned by event_date.
 *
 * <p>A partition that does not exist yet is made as a table of its own, filled, given its key and
 * indexes, and attached last: the cost of keeping indexes and of checking foreign keys row by row
 * falls away.
 *
 * @param parent the partitioned table with its schema
 * @param day the UTC day
 */
record DayPartition(String parent, LocalDate day) {

  /** The partition's name with its schema. */
  String table() {
    return parent + "_" + DateTimeFormatter.BASIC_ISO_DATE.format(day);
  }

  boolean exists(DSLContext sql) {
    return sql.fetchOptional("SELECT to_regclass({0})", DSL.val(table()))
        .map(row -> row.get(0) != null)
        .orElse(false);
  }

  void create(DSLContext sql) {
    sql.execute("CREATE TABLE %s (LIKE %s INCLUDING GENERATED)".formatted(table(), parent));
  }

  void addKey(DSLContext sql) {
    sql.execute("ALTER TABLE %s ADD PRIMARY KEY (event_id, event_date)".formatted(table()));
  }

  /** Makes it a part of the parent, which checks the foreign keys of all its rows at once. */
  void attach(DSLContext sql) {
    sql.execute(
        "ALTER TABLE %s ATTACH PARTITION %s FOR VALUES FROM ('%s') TO ('%s')"
            .formatted(parent, table(), day, day.plusDays(1)));
  }
}
