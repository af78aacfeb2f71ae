package io.millrace.activities.lake;

import io.millrace.workflows.lake.IngestResult;
import java.util.ArrayList;
import java.util.List;

/** Adds up what becomes of a batch. */
final class IngestCount {
  private final List<String> rejected = new ArrayList<>();
  private int objects;
  private int skipped;
  private int rejectedObjects;
  private long rows;
  private long quarantinedRows;
  private long replacedRows;

  void skip() {
    skipped++;
  }

  void replace(long removed) {
    replacedRows += removed;
  }

  void load(long loaded, long quarantined) {
    objects++;
    rows += loaded;
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
    return new IngestResult(
        objects, skipped, rows, quarantinedRows, rejectedObjects, rejected, replacedRows);
  }
}
