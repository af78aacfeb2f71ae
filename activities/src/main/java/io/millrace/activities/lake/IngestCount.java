package io.millrace.activities.lake;

import io.millrace.workflows.lake.IngestResult;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Adds up what becomes of a batch. */
final class IngestCount {
  private final List<String> rejected = new ArrayList<>();
  private int objects;
  private int skipped;
  private int rejectedObjects;
  private long rows;
  private long quarantinedRows;

  void skip() {
    skipped++;
  }

  void load(Map<LocalDate, Long> rowsByDay, long quarantined) {
    objects++;
    rows += rowsByDay.values().stream().mapToLong(Long::longValue).sum();
    quarantinedRows += quarantined;
  }

  void reject(String key, String reason) {
    rejectedObjects++;
    if (rejected.size() < IngestResult.MAX_REJECTED) {
      rejected.add(key + ": " + reason);
    }
  }

  int done() {
    return objects + skipped + rejectedObjects;
  }

  IngestResult result() {
    return new IngestResult(objects, skipped, rows, quarantinedRows, rejectedObjects, rejected);
  }
}
