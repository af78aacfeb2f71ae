package io.millrace.activities.warehouse;

import java.time.LocalDate;
import java.time.YearMonth;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;

/**
 * A table that is partitioned by event_date, and the partition that holds a UTC day.
 *
 * <p>The rule: a partition is a month, because a statement over all of history locks every
 * partition and every index of it, and PostgreSQL's default settings have room for some 8,000
 * locks. Twenty years are 240 months.
 *
 * <p>Earlier builds made a partition a day. Those are read and written like the others. When a
 * month gets a day that none of them holds, they are merged into one for the month.
 */
enum PartitionedTable {
  /** Each event once. */
  SILVER(0, "silver.events", SilverDay.COLUMNS, "brin (event_date, object_id)", List.of()),

  /** The facts. */
  FACTS(
      1,
      "dwh.fact_events",
      FactDays.COLUMNS,
      "brin (event_date)",
      List.of(
          "(user_id)",
          "(product_id)",
          "(user_session)",
          "(event_type, user_session, product_id) WHERE event_type IN ('cart', 'purchase')"));

  private static final DateTimeFormatter MONTH = DateTimeFormatter.ofPattern("uuuuMM");
  private static final DateTimeFormatter DAY = DateTimeFormatter.BASIC_ISO_DATE;
  private static final String FILLING = "_filling";

  /**
   * A row of pg_class by a name with its schema. Not {@code to_regclass}: its answer may be older
   * than an advisory lock that was waited for.
   */
  private static final String NAMED =
      "relnamespace = split_part({0}, '.', 1)::regnamespace AND relname = split_part({0}, '.', 2)";

  private final int lock;
  private final String parent;
  private final String columns;
  private final String rangeIndex;

  @SuppressWarnings("ImmutableEnumChecker") // made by List.of
  private final List<String> indexes;

  PartitionedTable(
      int lock, String parent, String columns, String rangeIndex, List<String> indexes) {
    this.lock = lock;
    this.parent = parent;
    this.columns = columns;
    this.rangeIndex = rangeIndex;
    this.indexes = indexes;
  }

  /** Its number among the locks on making partitions. */
  int lock() {
    return lock;
  }

  /** The partition that holds the day; empty if there is none. */
  Optional<String> partition(DSLContext sql, LocalDate day) {
    return partitions(sql, List.of(day)).keySet().stream().findFirst();
  }

  /** The days by the partition that holds them; without days that none holds. */
  Map<String, NavigableSet<LocalDate>> partitions(DSLContext sql, Collection<LocalDate> days) {
    LocalDate[] dates = days.toArray(LocalDate[]::new);
    String[] ofDays = days.stream().map(day -> named(DAY.format(day))).toArray(String[]::new);
    String[] ofMonths = days.stream().map(day -> named(MONTH.format(day))).toArray(String[]::new);
    Map<String, NavigableSet<LocalDate>> found = new TreeMap<>();
    sql.fetch(
            """
            SELECT d.day, n.name
              FROM unnest({0}, {1}, {2}) AS d (day, of_day, of_month)
             CROSS JOIN LATERAL (VALUES (of_day), (of_month)) AS n (name)
              JOIN pg_class c ON c.relnamespace = split_part(n.name, '.', 1)::regnamespace
                   AND c.relname = split_part(n.name, '.', 2) AND c.relispartition
            """,
            DSL.val(dates), DSL.val(ofDays), DSL.val(ofMonths))
        .forEach(
            row ->
                found
                    .computeIfAbsent(row.get(1, String.class), any -> new TreeSet<>())
                    .add(row.get(0, LocalDate.class)));
    return found;
  }

  /** All partitions, the latest first. */
  List<String> partitions(DSLContext sql) {
    return names(sql, true, "[0-9]{6,8}");
  }

  /** The months of the days that no partition holds. */
  NavigableSet<YearMonth> missing(DSLContext sql, Collection<LocalDate> days) {
    NavigableSet<LocalDate> missing = new TreeSet<>(days);
    partitions(sql, days).values().forEach(missing::removeAll);
    NavigableSet<YearMonth> months = new TreeSet<>();
    missing.forEach(day -> months.add(YearMonth.from(day)));
    return months;
  }

  /** Makes the month's partition if there is none; it then holds every day of the month. */
  void open(DSLContext sql, YearMonth month) {
    mergeDays(sql, month);
    Locks.partitions(sql, this);
    if (!isOpen(sql, month)) {
      create(sql, partition(month));
      index(sql, month);
      attach(sql, month);
    }
  }

  /**
   * Makes a table for the month that is to be filled and then attached, if it has neither that nor
   * a partition.
   */
  void prepare(DSLContext sql, YearMonth month) {
    mergeDays(sql, month);
    Locks.partitions(sql, this);
    if (!isOpen(sql, month) && !exists(sql, filling(month))) {
      create(sql, filling(month));
    }
  }

  private boolean isOpen(DSLContext sql, YearMonth month) {
    String name = partition(month);
    Optional<Boolean> attached =
        sql.fetchOptional("SELECT relispartition FROM pg_class WHERE " + NAMED, DSL.val(name))
            .map(row -> row.get(0, Boolean.class));
    if (attached.isPresent() && !attached.get()) {
      throw Warehouse.invalid(
          "%1$s is there, but is no partition of %2$s. Attach it to %2$s again, or rename it."
              .formatted(name, parent));
    }
    return attached.isPresent();
  }

  private void mergeDays(DSLContext sql, YearMonth month) {
    if (!ofDays(sql, month).isEmpty()) {
      Locks.merge(sql, month);
      merge(sql, month);
    }
  }

  /** Months whose tables are being filled. */
  List<YearMonth> unattached(DSLContext sql) {
    return names(sql, false, "[0-9]{6}" + FILLING).stream().map(PartitionedTable::month).toList();
  }

  /**
   * Gives the filled table of a month its key and indexes, and makes it the month's partition,
   * which checks the foreign keys of all its rows at once: the cost of keeping indexes and of
   * checking keys row by row falls away.
   */
  void attachFilled(DSLContext sql, YearMonth month) {
    if (exists(sql, filling(month))) {
      sql.execute("ALTER TABLE %s RENAME TO %s".formatted(filling(month), simple(month)));
      index(sql, month);
      attach(sql, month);
    }
  }

  /** Partitions of single days, the oldest first. */
  List<String> ofDays(DSLContext sql) {
    return names(sql, true, "[0-9]{8}").stream().sorted().toList();
  }

  private List<String> ofDays(DSLContext sql, YearMonth month) {
    return names(sql, true, MONTH.format(month) + "[0-9]{2}");
  }

  /** Puts the partitions of a month's days into one. Under {@link Locks#merge}. */
  void merge(DSLContext sql, YearMonth month) {
    List<String> ofDays = ofDays(sql, month);
    if (ofDays.isEmpty()) {
      return;
    }
    create(sql, partition(month));
    for (String day : ofDays) {
      sql.execute(
          "INSERT INTO %1$s (%2$s) SELECT %2$s FROM %3$s"
              .formatted(partition(month), columns, day));
    }
    index(sql, month);
    sql.execute("DROP TABLE " + String.join(", ", ofDays));
    attach(sql, month);
  }

  private void create(DSLContext sql, String table) {
    sql.execute("CREATE TABLE %s (LIKE %s INCLUDING GENERATED)".formatted(table, parent));
  }

  /** Rows come mostly day by day, so that a range index finds a day at next to no cost per row. */
  private void index(DSLContext sql, YearMonth month) {
    String table = partition(month);
    for (String index : indexes) {
      sql.execute("CREATE INDEX ON %s %s".formatted(table, index));
    }
    sql.execute(
        "CREATE INDEX %s_days ON %s USING %s WITH (pages_per_range = 32, autosummarize = on)"
            .formatted(simple(month), table, rangeIndex));
  }

  private void attach(DSLContext sql, YearMonth month) {
    sql.execute(
        "ALTER TABLE %s ATTACH PARTITION %s FOR VALUES FROM ('%s') TO ('%s')"
            .formatted(parent, partition(month), month.atDay(1), month.plusMonths(1).atDay(1)));
  }

  /** Makes new rows known to the partition's range index, if it has one. */
  static void summarize(DSLContext sql, String partition) {
    sql.execute(
        "SELECT brin_summarize_new_values(i) FROM to_regclass({0}) AS i WHERE i IS NOT NULL",
        DSL.val(partition + "_days"));
  }

  private static boolean exists(DSLContext sql, String table) {
    return sql.fetchSingle(
            "SELECT EXISTS (SELECT 1 FROM pg_class WHERE " + NAMED + ")", DSL.val(table))
        .get(0, Boolean.class);
  }

  private List<String> names(DSLContext sql, boolean attached, String suffix) {
    String[] name = parent.split("\\.");
    return sql.resultQuery(
            """
            SELECT relname FROM pg_class
             WHERE relnamespace = {0}::regnamespace AND relkind = 'r' AND relispartition = {1}
               AND relname ~ {2}
             ORDER BY relname COLLATE "C" DESC
            """,
            DSL.val(name[0]), DSL.val(attached), DSL.val("^" + name[1] + "_" + suffix + "$"))
        .fetch(row -> name[0] + "." + row.get(0, String.class));
  }

  /** The month of a partition or of a table that is being filled. */
  static YearMonth month(String table) {
    int digits = table.replace(FILLING, "").lastIndexOf('_') + 1;
    return YearMonth.parse(table.substring(digits, digits + 6), MONTH);
  }

  /** The name of the month's partition, with its schema. */
  String partition(YearMonth month) {
    return named(MONTH.format(month));
  }

  /** The name of the table that becomes the month's partition. */
  String filling(YearMonth month) {
    return partition(month) + FILLING;
  }

  private String simple(YearMonth month) {
    return partition(month).substring(parent.indexOf('.') + 1);
  }

  private String named(String suffix) {
    return parent + "_" + suffix;
  }
}
