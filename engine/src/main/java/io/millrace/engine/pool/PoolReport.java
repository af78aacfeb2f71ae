package io.millrace.engine.pool;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A pool as it is now.
 *
 * @param name the pool
 * @param slots its size
 * @param declared whether the size was set; if not, it is the default
 * @param used slots in use; more than {@code slots} only after the pool was made smaller
 * @param queued slots that the waiting requests want
 * @param waiting how many requests wait
 * @param leases what is in use, the oldest first, at most {@link #MAX_ROWS}
 * @param next what waits, the next first, at most {@link #MAX_ROWS}
 * @param description what the slots stand for, or null if not given
 */
public record PoolReport(
    String name,
    int slots,
    boolean declared,
    int used,
    int queued,
    int waiting,
    List<Row> leases,
    List<Row> next,
    @Nullable String description) {

  /** A report is for people and must stay small. */
  public static final int MAX_ROWS = 50;

  private static final int MAX_CELL = 60;

  public PoolReport {
    leases = List.copyOf(leases);
    next = List.copyOf(next);
  }

  /**
   * One lease, or one request that waits.
   *
   * @param task what it is for
   * @param run the workflow id of the holder
   * @param slots how many slots
   * @param priority 1 (first) to 5 (last)
   * @param since when it was granted, or came to wait
   */
  public record Row(String task, String run, int slots, int priority, Instant since) {

    private static Row of(PoolEntry entry) {
      return new Row(
          entry.request().task(),
          entry.holder().workflowId(),
          entry.request().slots(),
          entry.request().priority(),
          entry.since());
    }
  }

  /** Slots that are free; Airflow's open slots. */
  public int open() {
    return Math.max(0, slots - used);
  }

  static PoolReport of(String name, PoolAllocations ledger) {
    List<PoolEntry> waiting = ledger.waiting();
    return new PoolReport(
        name,
        ledger.slots(),
        ledger.isDeclared(),
        ledger.used(),
        waiting.stream().mapToInt(entry -> entry.request().slots()).sum(),
        waiting.size(),
        rows(ledger.leases()),
        rows(waiting),
        ledger.description());
  }

  private static List<Row> rows(Collection<PoolEntry> entries) {
    return entries.stream().limit(MAX_ROWS).map(Row::of).toList();
  }

  /** A heading and a table of fixed width, for the Web UI's current details. */
  public String markdown() {
    return """
    ### pool %s: %d of %d slots used, %d waiting%s

    ```text
    %s```
    """
        .formatted(
            name,
            used,
            slots,
            waiting,
            declared ? "" : "  (size not declared: this is the default)",
            table());
  }

  /** The leases, then what waits: state, task, run, slots, priority, since. */
  public String table() {
    StringBuilder table = new StringBuilder();
    table.append(line("state", "slots", "prio", "since", "task", "run"));
    leases.forEach(row -> table.append(line("in use", row)));
    next.forEach(row -> table.append(line("waiting", row)));
    if (waiting > next.size()) {
      table.append("… and %d more\n".formatted(waiting - next.size()));
    }
    return table.toString();
  }

  private static String line(String state, Row row) {
    return line(
        state,
        Integer.toString(row.slots()),
        Integer.toString(row.priority()),
        row.since().toString(),
        row.task(),
        row.run());
  }

  private static String line(String state, String slots, String priority, String... rest) {
    return String.format(
        Locale.ROOT,
        "%-7s  %5s  %4s  %-24s  %-30s  %s%n",
        state,
        slots,
        priority,
        rest[0],
        shorten(rest[1]),
        shorten(rest[2]));
  }

  private static String shorten(String text) {
    String line = text.replace('\n', ' ').replace('`', '\'');
    return line.length() <= MAX_CELL ? line : line.substring(0, MAX_CELL - 1) + "…";
  }
}
