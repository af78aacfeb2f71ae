package io.millrace.workflows.lake;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one task ingests: objects by their ids in the ledger {@code lake.objects}, or a whole hour.
 *
 * @param name what the grid shows: the first object's partition and the number of objects
 * @param objectIds ids in the ledger; none if the run only finishes what an earlier one began
 * @param bytes stored bytes of all objects together
 * @param hour the hour that is loaded as a whole, by whatever objects it has then; null for the
 *     objects alone
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LakeBatch(String name, List<Long> objectIds, long bytes, @Nullable LakeHour hour) {
  public LakeBatch {
    objectIds = List.copyOf(objectIds);
  }

  /** Of objects that are new. */
  public LakeBatch(String name, List<Long> objectIds, long bytes) {
    this(name, objectIds, bytes, null);
  }
}
