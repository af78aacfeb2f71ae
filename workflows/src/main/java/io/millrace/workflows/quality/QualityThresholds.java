package io.millrace.workflows.quality;

/**
 * When a run's data count as bad, beyond their number of rows. In JSON every field may be left out,
 * and then has its default.
 *
 * @param maxPrice the price above which a row is an outlier
 * @param maxOutlierShare the check fails if a larger share of the rows are outliers; 0 to 1
 * @param maxDuplicateShare the check fails if a larger share of the lines of the loaded days repeat
 *     an event; 0 to 1. An event that comes by Kafka and by CDC is two lines
 * @param maxAgeHours the check fails if the newest event is older than this; 0: not checked, which
 *     suits data of the past. Runs that load the hours of their interval never check it
 * @param maxDivergence the check fails if the event types, the prices, or the share of rows without
 *     brand or category are distributed differently from those of recent runs: the largest
 *     Kullback-Leibler divergence, in nats; 0: not checked
 * @param recentRuns how many of the newest runs that passed are compared with; at least 5 are
 *     needed
 * @param minSampleRows shares and distributions of fewer rows are not checked
 */
public record QualityThresholds(
    double maxPrice,
    double maxOutlierShare,
    double maxDuplicateShare,
    double maxAgeHours,
    double maxDivergence,
    int recentRuns,
    long minSampleRows) {
  /** The number of runs below which there is nothing to compare with. */
  public static final int MIN_RECENT_RUNS = 5;

  /** What a run without params uses. */
  public static final QualityThresholds DEFAULT =
      new QualityThresholds(1_000_000, 0.01, 0.9, 0, 0.5, 20, 1_000);

  /**
   * Checks each field.
   *
   * @throws IllegalArgumentException naming the field, its value and what is allowed
   */
  public QualityThresholds {
    check(maxPrice > 0, "maxPrice", maxPrice, "must be above 0");
    check(isShare(maxOutlierShare), "maxOutlierShare", maxOutlierShare, "must be 0 to 1");
    check(isShare(maxDuplicateShare), "maxDuplicateShare", maxDuplicateShare, "must be 0 to 1");
    check(isAmount(maxAgeHours), "maxAgeHours", maxAgeHours, "must be 0 or more");
    check(isAmount(maxDivergence), "maxDivergence", maxDivergence, "must be 0 or more");
    check(
        recentRuns >= MIN_RECENT_RUNS && recentRuns <= 1_000,
        "recentRuns",
        recentRuns,
        "must be " + MIN_RECENT_RUNS + " to 1000");
    check(minSampleRows >= 1, "minSampleRows", minSampleRows, "must be at least 1");
  }

  private static boolean isShare(double value) {
    return value >= 0 && value <= 1;
  }

  private static boolean isAmount(double value) {
    return value >= 0 && Double.isFinite(value);
  }

  private static void check(boolean holds, String field, Object value, String rule) {
    if (!holds) {
      throw new IllegalArgumentException("%s %s, but is '%s'".formatted(field, rule, value));
    }
  }
}
