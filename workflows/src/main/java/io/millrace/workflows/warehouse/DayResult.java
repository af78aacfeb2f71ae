package io.millrace.workflows.warehouse;

import io.millrace.engine.Summary;

/**
 * What the transformation of one UTC day did.
 *
 * @param day ISO date
 * @param bronzeRows bronze rows read
 * @param silverRows rows that were new to silver
 * @param duplicates bronze rows whose event silver had already, or that stood twice among them
 * @param replacedRows rows of silver that gave way to those of objects loaded again, or were
 *     removed
 */
public record DayResult(
    String day, long bronzeRows, long silverRows, long duplicates, long replacedRows)
    implements Summary {
  /** Of rows that are new. */
  public DayResult(String day, long bronzeRows, long silverRows, long duplicates) {
    this(day, bronzeRows, silverRows, duplicates, 0);
  }

  @Override
  public String summary() {
    String summary = "%s: %,d new of %,d rows".formatted(day, silverRows, bronzeRows);
    return replacedRows == 0 ? summary : "%s; %,d replaced".formatted(summary, replacedRows);
  }
}
