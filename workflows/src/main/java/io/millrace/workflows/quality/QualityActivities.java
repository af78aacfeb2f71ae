package io.millrace.workflows.quality;

import io.temporal.activity.ActivityInterface;
import io.temporal.activity.ActivityMethod;

/**
 * Data-quality suites in Great Expectations' terms. A suite measures with set-based SQL, stores its
 * result in {@code quality.results}, and its report blocks what is below if an expectation fails.
 *
 * <p>A rule is a check only if data can break it: what the schema enforces is not a rule of a
 * suite.
 */
@ActivityInterface
public interface QualityActivities {
  String RAW_DATA_SUITE = "raw_data_suite";
  String GOLD_LAYER_SUITE = "gold_layer_suite";

  /**
   * Checks the bronze rows that are not in gold yet, those of interrupted runs included, and names
   * their days.
   *
   * <p>Skips if there are none, because another run is loading them; if that is because every
   * object of this run was rejected, the suite fails.
   */
  @ActivityMethod(name = "quality_check_raw_data")
  BronzeReport checkBronze(BronzeCheck check);

  /**
   * Checks the facts of the given days, and compares bronze, silver and facts of them; skips if
   * there is no day.
   */
  @ActivityMethod(name = "quality_check_gold_data")
  QualityReport checkGold(GoldCheck check);
}
