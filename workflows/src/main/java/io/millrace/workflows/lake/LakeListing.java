package io.millrace.workflows.lake;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How objects are looked for and grouped.
 *
 * @param scope where
 * @param maxObjects the most objects that one run takes; the rest is left to the next
 * @param batchObjects the most objects in one batch
 * @param batchBytes a batch is closed once it has this many stored bytes
 * @param before what is new belongs to hours that began before this; null for any
 * @param hours the hours that are loaded as a whole; null for what is new
 * @param removeEmpty whether an hour without an object is emptied in the warehouse, too; null for
 *     no
 * @param maxAgeHours how old the newest event in the warehouse may be if nothing is new; null for
 *     any age
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LakeListing(
    LakeScope scope,
    int maxObjects,
    int batchObjects,
    long batchBytes,
    @Nullable Instant before,
    @Nullable LakeHours hours,
    @Nullable Boolean removeEmpty,
    @Nullable Double maxAgeHours) {

  /** Of all that is new. */
  public LakeListing(LakeScope scope, int maxObjects, int batchObjects, long batchBytes) {
    this(scope, maxObjects, batchObjects, batchBytes, null, null, null, null);
  }
}
