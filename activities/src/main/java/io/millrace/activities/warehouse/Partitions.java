package io.millrace.activities.warehouse;

import io.millrace.activities.PipelineException;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.Collection;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes partitions, each month in a transaction of its own: the number of locks does not grow with
 * that of the months.
 */
final class Partitions {
  private static final Logger logger = LoggerFactory.getLogger(Partitions.class);

  /** As many partitions of single days, which earlier builds have made, are left as they are. */
  static final int KEPT_DAYS = 400;

  /** A merge stops readers and has to wait for them; rather it is tried again by the next load. */
  private static final String PATIENCE = "SET LOCAL lock_timeout = '10s'";

  private final Warehouse warehouse;

  Partitions(Warehouse warehouse) {
    this.warehouse = warehouse;
  }

  /** Makes the partition of silver that the day's events of bronze want, if there are any. */
  void openSilver(LocalDate day) {
    NavigableSet<YearMonth> months =
        warehouse.transaction(
            sql ->
                SilverDay.hasRows(sql, day)
                    ? PartitionedTable.SILVER.missing(sql, List.of(day))
                    : new TreeSet<>());
    for (YearMonth month : months) {
      warehouse.transaction(
          sql -> {
            PartitionedTable.SILVER.open(sql, month);
            return month;
          });
    }
  }

  /** Makes the tables that facts of the days without a partition are loaded into. */
  void prepareFacts(Collection<LocalDate> days) {
    for (YearMonth month :
        warehouse.transaction(sql -> PartitionedTable.FACTS.missing(sql, days))) {
      warehouse.transaction(
          sql -> {
            PartitionedTable.FACTS.prepare(sql, month);
            return month;
          });
    }
  }

  /** Months of facts that were filled, by this load or by one that was interrupted. */
  List<YearMonth> filled() {
    return warehouse.transaction(PartitionedTable.FACTS::unattached);
  }

  /** Makes a filled month visible. */
  YearMonth attach(YearMonth month) {
    return warehouse.relaxedTransaction(
        sql -> {
          Locks.factMonth(sql, month);
          PartitionedTable.FACTS.attachFilled(sql, month);
          return month;
        });
  }

  /**
   * Merges the oldest partitions of single days of each table into one for their month, if there
   * are more than {@value #KEPT_DAYS}: one month a load, so that no load is late for it.
   */
  void mergeOldest() {
    for (PartitionedTable table : PartitionedTable.values()) {
      List<String> ofDays = warehouse.transaction(table::ofDays);
      if (ofDays.size() > KEPT_DAYS) {
        merge(table, PartitionedTable.month(ofDays.get(0)));
      }
    }
  }

  private void merge(PartitionedTable table, YearMonth month) {
    try {
      warehouse.transaction(
          sql -> {
            sql.execute(PATIENCE);
            Locks.merge(sql, month);
            table.merge(sql, month);
            return month;
          });
      logger.info("Merged the days of table={} month={}", table, month);
    } catch (PipelineException e) {
      logger.warn("Not merged the days of table={} month={}: {}", table, month, e.getMessage());
    }
  }
}
