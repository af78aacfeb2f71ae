package io.millrace.activities.warehouse;

import static io.millrace.activities.PipelineException.translated;

import io.millrace.engine.Heartbeats;
import io.millrace.workflows.lake.DaySlice;
import io.millrace.workflows.lake.HourScope;
import io.millrace.workflows.warehouse.DayResult;
import io.millrace.workflows.warehouse.GoldLoad;
import io.millrace.workflows.warehouse.GoldResult;
import io.millrace.workflows.warehouse.WarehouseActivities;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The warehouse's activities on a real database. */
public final class WarehouseActivitiesImpl implements WarehouseActivities {
  private static final Logger logger = LoggerFactory.getLogger(WarehouseActivitiesImpl.class);

  private final Warehouse warehouse;

  /** Uses, and does not close, the database. */
  public WarehouseActivitiesImpl(Warehouse warehouse) {
    this.warehouse = warehouse;
  }

  @Override
  public DayResult transform(DaySlice day) {
    try (Heartbeats heartbeats = Heartbeats.start()) {
      heartbeats.progress(day.day());
      LocalDate date = LocalDate.parse(day.day());
      DayResult result = translated(() -> transform(date, day.hours()));
      logger.info("Transformed day={} result={}", date, result);
      return result;
    }
  }

  private DayResult transform(LocalDate day, @Nullable HourScope hours) {
    new Partitions(warehouse).openSilver(day);
    return warehouse.relaxedTransaction(sql -> new SilverDay(sql, day, hours).transform());
  }

  @Override
  public GoldResult loadGold(GoldLoad load) {
    try (Heartbeats heartbeats = Heartbeats.start()) {
      GoldResult result =
          translated(
              () -> new GoldLoader(warehouse, heartbeats::progress).load(load.parallelism()));
      logger.info("Loaded gold result={}", result);
      return result;
    }
  }
}
