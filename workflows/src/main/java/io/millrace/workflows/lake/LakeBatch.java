package io.millrace.workflows.lake;

import java.util.List;

/**
 * Objects that one task ingests, by their ids in the ledger {@code lake.objects}.
 *
 * @param name what the grid shows: the first object's partition and the number of objects
 * @param objectIds ids in the ledger; none if the run only finishes what an earlier one began
 * @param bytes stored bytes of all objects together
 */
public record LakeBatch(String name, List<Long> objectIds, long bytes) {
  public LakeBatch {
    objectIds = List.copyOf(objectIds);
  }
}
