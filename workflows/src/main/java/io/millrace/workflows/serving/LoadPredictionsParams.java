package io.millrace.workflows.serving;

import io.millrace.engine.DataInterval;
import io.millrace.workflows.lake.LakeListing;
import io.millrace.workflows.lake.LakeScope;
import io.millrace.workflows.lake.LoadScope;

/**
 * What a run of {@link LoadPredictions} can be told. In JSON every field may be left out, and then
 * has its default.
 *
 * @param bucket bucket of the predictions
 * @param prefix only objects whose key starts with this are read
 * @param maxObjects the most objects that one run takes; the next run takes the rest
 * @param batchObjects the most objects that one task takes
 * @param batchBytes stored bytes at which a batch is closed
 * @param parallelism tasks that run at the same time
 * @param scope what the run loads: {@code new} is what is not loaded yet, {@code interval} are the
 *     hours of its data interval, which it replaces, {@code auto} is {@code interval} in a backfill
 *     and else {@code new}
 * @param removeEmptyHours whether an hour of the interval that has no object in the lake any more
 *     is emptied in the warehouse, too; by default its rows stay and the run is skipped
 */
public record LoadPredictionsParams(
    String bucket,
    String prefix,
    int maxObjects,
    int batchObjects,
    long batchBytes,
    int parallelism,
    LoadScope scope,
    boolean removeEmptyHours) {
  /** What a run without params uses. */
  public static final LoadPredictionsParams DEFAULT =
      new LoadPredictionsParams(
          "predictions-bucket",
          "topics/model.predictions/",
          100_000,
          250,
          32L << 20,
          2,
          LoadScope.AUTO,
          false);

  /**
   * Checks each field.
   *
   * @throws IllegalArgumentException naming the field, its value and what is allowed
   */
  public LoadPredictionsParams {
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
        null);
  }

  private static void check(boolean holds, String field, Object value, String rule) {
    if (!holds) {
      throw new IllegalArgumentException("%s %s, but is '%s'".formatted(field, rule, value));
    }
  }
}
