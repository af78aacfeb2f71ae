package io.millrace.workflows.warehouse;

import io.millrace.engine.Summary;

/**
 * What the transformation of one UTC day did.
 *
 * @param day ISO date
 * @param bronzeRows bronze rows read
 * @param silverRows rows that were new to silver
 * @param duplicates bronze rows whose event silver had already, or that stood twice among them
 */
public record DayResult(String day, long bronzeRows, long silverRows, long duplicates)
    implements Summary {
  @Override
  public String summary() {
    return "%s: %,d new of %,d rows".formatted(day, silverRows, bronzeRows);
  }
}
