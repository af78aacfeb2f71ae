package io.millrace.workflows.quality;

import io.millrace.engine.CheckReport;
import io.millrace.workflows.lake.DaySlice;
import java.util.List;

/**
 * The outcome of the bronze suite, and what it was about.
 *
 * @param quality the outcome
 * @param days the days with events that are not yet through to gold, in order
 */
public record BronzeReport(QualityReport quality, List<DaySlice> days) implements CheckReport {
  public BronzeReport {
    days = List.copyOf(days);
  }

  @Override
  public boolean passed() {
    return quality.success();
  }

  @Override
  public String explain() {
    return quality.summary();
  }
}
