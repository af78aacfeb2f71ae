package io.millrace.workflows.lake;

import java.util.Map;

/**
 * What a run of {@link LakeCompaction} can be told. In JSON every field may be left out, and then
 * has its default.
 *
 * @param bucket bucket of the validated events
 * @param prefix only objects whose key starts with this are compacted
 * @param quietMinutes a folder is left alone until nothing of it was loaded for so long
 * @param minObjects a folder with fewer objects is left alone
 * @param maxBytes stored bytes at which a new object is closed
 * @param maxObjects the most new objects that one run writes
 * @param parallelism new objects that are written at the same time
 * @param retentionDays by bucket: objects written longer ago are deleted; a bucket that is not
 *     named keeps everything
 */
public record CompactionParams(
    String bucket,
    String prefix,
    int quietMinutes,
    int minObjects,
    long maxBytes,
    int maxObjects,
    int parallelism,
    Map<String, Integer> retentionDays) {
  /** What a run without params uses. */
  public static final CompactionParams DEFAULT =
      new CompactionParams(
          "validated-events-bucket",
          "topics/tracking.user_behavior.validated/",
          60,
          4,
          64L << 20,
          1_000,
          2,
          Map.of());

  private static final long MAX_BYTES = 256L << 20;

  /**
   * Checks each field.
   *
   * @throws IllegalArgumentException naming the field, its value and what is allowed
   */
  public CompactionParams {
    check(!bucket.isBlank(), "bucket", bucket, "must not be empty");
    check(quietMinutes >= 0, "quietMinutes", quietMinutes, "must be at least 0");
    check(minObjects >= 2, "minObjects", minObjects, "must be at least 2");
    check(
        maxBytes >= 1 && maxBytes <= MAX_BYTES, "maxBytes", maxBytes, "must be 1 to " + MAX_BYTES);
    check(maxObjects >= 1, "maxObjects", maxObjects, "must be at least 1");
    check(parallelism >= 1 && parallelism <= 8, "parallelism", parallelism, "must be 1 to 8");
    retentionDays = Map.copyOf(retentionDays);
    retentionDays.forEach(
        (name, days) -> check(days >= 1, "retentionDays." + name, days, "must be at least 1"));
  }

  private static void check(boolean holds, String field, Object value, String rule) {
    if (!holds) {
      throw new IllegalArgumentException("%s %s, but is '%s'".formatted(field, rule, value));
    }
  }
}
