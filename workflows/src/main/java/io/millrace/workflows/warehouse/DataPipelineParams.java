package io.millrace.workflows.warehouse;

import io.millrace.engine.DataInterval;
import io.millrace.workflows.lake.HourScope;
import io.millrace.workflows.lake.LakeListing;
import io.millrace.workflows.lake.LakeScope;
import io.millrace.workflows.lake.LoadScope;
import io.millrace.workflows.quality.QualityLimits;
import io.millrace.workflows.quality.QualityThresholds;
import org.jspecify.annotations.Nullable;

/**
 * What a run of {@link DataPipeline} can be told. In JSON every field may be left out, and then has
 * its default.
 *
 * @param bucket bucket of the validated events
 * @param prefix only objects whose key starts with this are read; the folders of the hours are
 *     right below it
 * @param maxObjects the most objects that one run takes; the next run takes the rest
 * @param batchObjects the most objects that one ingest task takes
 * @param batchBytes stored bytes at which a batch is closed
 * @param parallelism tasks of one kind that run at the same time
 * @param minRows the run fails with fewer rows
 * @param maxRows the run fails with more rows
 * @param validShare the run fails if a smaller share of the lines are valid events
 * @param scope what the run loads: {@code new} is what is not loaded yet, {@code interval} are the
 *     hours of its data interval, which it replaces, {@code auto} is {@code interval} in a backfill
 *     and else {@code new}
 * @param removeEmptyHours whether an hour of the interval that has no object in the lake any more
 *     is emptied in the warehouse, too; by default its rows stay and the run is skipped
 * @param quality the thresholds of the quality checks beyond the number of rows
 */
public record DataPipelineParams(
    String bucket,
    String prefix,
    int maxObjects,
    int batchObjects,
    long batchBytes,
    int parallelism,
    long minRows,
    long maxRows,
    double validShare,
    LoadScope scope,
    boolean removeEmptyHours,
    QualityThresholds quality) {
  /** What a run without params uses. */
  public static final DataPipelineParams DEFAULT =
      new DataPipelineParams(
          "validated-events-bucket",
          "topics/tracking.user_behavior.validated/",
          100_000,
          250,
          32L << 20,
          4,
          1,
          100_000_000,
          0.9,
          LoadScope.AUTO,
          false,
          QualityThresholds.DEFAULT);

  /**
   * Checks each field.
   *
   * @throws IllegalArgumentException naming the field, its value and what is allowed
   */
  public DataPipelineParams {
    check(!bucket.isBlank(), "bucket", bucket, "must not be empty");
    check(!prefix.startsWith("/"), "prefix", prefix, "must not start with /");
    check(maxObjects >= 1, "maxObjects", maxObjects, "must be at least 1");
    check(
        batchObjects >= 1 && batchObjects <= 10_000,
        "batchObjects",
        batchObjects,
        "must be 1 to 10000");
    check(batchBytes >= 1, "batchBytes", batchBytes, "must be at least 1");
    check(parallelism >= 1 && parallelism <= 32, "parallelism", parallelism, "must be 1 to 32");
    check(minRows >= 0, "minRows", minRows, "must be at least 0");
    check(maxRows >= minRows, "maxRows", maxRows, "must be at least minRows, " + minRows);
    check(
        validShare > 0 && validShare <= 1, "validShare", validShare, "must be above 0, at most 1");
  }

  /** Of a run that loads what its kind of run loads. */
  public DataPipelineParams(
      String bucket,
      String prefix,
      int maxObjects,
      int batchObjects,
      long batchBytes,
      int parallelism,
      long minRows,
      long maxRows,
      double validShare) {
    this(
        bucket,
        prefix,
        maxObjects,
        batchObjects,
        batchBytes,
        parallelism,
        minRows,
        maxRows,
        validShare,
        LoadScope.AUTO,
        false,
        QualityThresholds.DEFAULT);
  }

  /** The same with another bucket and prefix. */
  public DataPipelineParams withScope(String newBucket, String newPrefix) {
    return new DataPipelineParams(
        newBucket,
        newPrefix,
        maxObjects,
        batchObjects,
        batchBytes,
        parallelism,
        minRows,
        maxRows,
        validShare,
        scope,
        removeEmptyHours,
        quality);
  }

  /** The same with other thresholds. */
  public DataPipelineParams withQuality(QualityThresholds thresholds) {
    return new DataPipelineParams(
        bucket,
        prefix,
        maxObjects,
        batchObjects,
        batchBytes,
        parallelism,
        minRows,
        maxRows,
        validShare,
        scope,
        removeEmptyHours,
        thresholds);
  }

  LakeScope lakeScope() {
    return new LakeScope(bucket, prefix);
  }

  LakeListing listing(DataInterval interval) {
    return new LakeListing(
        lakeScope(),
        maxObjects,
        batchObjects,
        batchBytes,
        scope.before(interval),
        scope.hours(interval).orElse(null),
        removeEmptyHours ? true : null,
        scope.hours(interval).isPresent() || quality.maxAgeHours() == 0
            ? null
            : quality.maxAgeHours());
  }

  /** The part of the lake that the run loads; null if it takes what is new. */
  @Nullable HourScope hours(DataInterval interval) {
    return scope.hours(interval).map(hours -> new HourScope(lakeScope(), hours)).orElse(null);
  }

  QualityLimits limits() {
    return QualityLimits.of(minRows, maxRows, validShare, quality);
  }

  private static void check(boolean holds, String field, Object value, String rule) {
    if (!holds) {
      throw new IllegalArgumentException("%s %s, but is '%s'".formatted(field, rule, value));
    }
  }
}
