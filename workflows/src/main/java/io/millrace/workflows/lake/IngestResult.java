package io.millrace.workflows.lake;

import io.millrace.engine.Summary;
import java.util.List;

/**
 * What became of one batch.
 *
 * @param objects objects loaded by this task
 * @param skipped objects that another run had loaded first, or that are gone from the lake
 * @param rows events that went to bronze
 * @param quarantinedRows lines of loaded objects that went to {@code quarantine.rows}
 * @param rejected objects that went to {@code quarantine.objects}, at most {@value #MAX_REJECTED}
 *     of them with their reason
 * @param rejectedObjects number of all rejected objects
 * @param replacedRows events of bronze that the loaded ones replace
 */
public record IngestResult(
    int objects,
    int skipped,
    long rows,
    long quarantinedRows,
    int rejectedObjects,
    List<String> rejected,
    long replacedRows)
    implements Summary {
  public static final int MAX_REJECTED = 5;

  public IngestResult {
    rejected = List.copyOf(rejected);
  }

  /** Of objects that are new. */
  public IngestResult(
      int objects,
      int skipped,
      long rows,
      long quarantinedRows,
      int rejectedObjects,
      List<String> rejected) {
    this(objects, skipped, rows, quarantinedRows, rejectedObjects, rejected, 0);
  }

  @Override
  public String summary() {
    return "%,d rows of %,d objects; %,d lines and %,d objects quarantined, %,d objects skipped%s"
        .formatted(
            rows,
            objects,
            quarantinedRows,
            rejectedObjects,
            skipped,
            replacedRows == 0 ? "" : "; %,d rows replaced".formatted(replacedRows));
  }
}
