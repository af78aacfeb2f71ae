package io.millrace.workflows.warehouse;

import io.millrace.workflows.lake.DaySlice;
import io.temporal.activity.ActivityInterface;
import io.temporal.activity.ActivityMethod;

/**
 * Steps from bronze through silver to gold. Progress is kept per object and day in {@code
 * lake.slices}, in the transactions that move the rows: any number of attempts and runs, one after
 * another or at once, move each event once.
 */
@ActivityInterface
public interface WarehouseActivities {

  /**
   * Moves the day's bronze events into silver, each event once over all of history, in one
   * transaction. Of objects that were loaded again, silver's rows are replaced in the same one.
   */
  @ActivityMethod(name = "transform_data")
  DayResult transform(DaySlice day);

  /**
   * Brings dimensions, session metrics and facts up to all of silver.
   *
   * <p>A fact gets its session's count as of now, and facts of earlier loads whose session grew get
   * the new one. An interrupted load is completed by the next. What was replaced in silver is
   * replaced in facts, sessions and dimensions in one transaction.
   */
  @ActivityMethod(name = "load_dimensions_and_facts")
  GoldResult loadGold(GoldLoad load);
}
