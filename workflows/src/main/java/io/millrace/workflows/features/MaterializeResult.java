package io.millrace.workflows.features;

import io.millrace.engine.Summary;

/**
 * What was written.
 *
 * @param rows newest rows of a user and a product in the scope
 * @param changed how many of them the online store did not have, or had older
 * @param slices slices of the warehouse that are online now and were not before
 */
public record MaterializeResult(long rows, long changed, int slices) implements Summary {
  @Override
  public String summary() {
    return "%,d rows, %,d changed".formatted(rows, changed);
  }
}
