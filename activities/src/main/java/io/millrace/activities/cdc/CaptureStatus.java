package io.millrace.activities.cdc;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the capture stands.
 *
 * @param connector its state as Kafka Connect calls it ({@code RUNNING}, {@code FAILED}, …); null
 *     if there is none
 * @param tasks one state each
 * @param error first line of what a task or the connector failed with; null if none has
 * @param slot the replication slot; null if there is none
 * @param published whether the publication holds the table
 * @param rows what was done to the table since its statistics began
 * @param lastEvent when the newest message was written to the topic; null if it has none
 */
public record CaptureStatus(
    @Nullable String connector,
    List<String> tasks,
    @Nullable String error,
    @Nullable Slot slot,
    boolean published,
    Rows rows,
    @Nullable Instant lastEvent) {

  /**
   * A replication slot.
   *
   * @param active whether a connector reads it
   * @param lagBytes of log that is not confirmed yet: what a restart would read again
   * @param retainedBytes of log that the database keeps for it
   * @param walStatus {@code reserved}, {@code extended}, {@code unreserved}, or {@code lost}
   */
  public record Slot(
      String name, boolean active, long lagBytes, long retainedBytes, String walStatus) {}

  /** Rows inserted, updated and deleted. */
  public record Rows(long inserted, long updated, long deleted) {}

  /** Copies the list. */
  public CaptureStatus {
    tasks = List.copyOf(tasks);
  }

  /** Whether changes flow: connector and task run, and the slot is read. */
  public boolean isRunning() {
    return "RUNNING".equals(connector)
        && !tasks.isEmpty()
        && tasks.stream().allMatch("RUNNING"::equals)
        && slot != null
        && slot.active();
  }

  /** Whether somebody has to look. */
  boolean hasFailed() {
    return error != null || (slot != null && slot.walStatus().equals("lost"));
  }
}
