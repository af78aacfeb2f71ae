package io.millrace.activities.cdc;

import java.time.Instant;
import java.util.ArrayList;
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
 * @param table the table as it is now
 * @param rows what was done to the table since its statistics began
 * @param lastEvent when the newest message was written to the topic; null if it has none
 */
public record CaptureStatus(
    @Nullable String connector,
    List<String> tasks,
    @Nullable String error,
    @Nullable Slot slot,
    CapturedTable table,
    Rows rows,
    @Nullable Instant lastEvent) {

  /** What makes a capture forget all it had, and begin with the rows that are there. */
  static final String BEGIN_AGAIN =
      "`millrace cdc unregister`, then `millrace cdc register`, begins with a snapshot, which has"
          + " them; what is known already changes nothing";

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

  /**
   * The table that is called {@link EventsTable#NAME} now.
   *
   * @param published whether the publication holds this very table, and not one that had the name
   *     before
   * @param replicaIdentity what the log has of the row before a change: {@code FULL}, {@code
   *     DEFAULT}, {@code INDEX} or {@code NOTHING}; null if there is no such table
   * @param alsoPublished tables of other names that the publication holds
   */
  public record CapturedTable(
      boolean published, @Nullable String replicaIdentity, List<String> alsoPublished) {
    static final String FULL = "FULL";

    /** Copies the list. */
    public CapturedTable {
      alsoPublished = List.copyOf(alsoPublished);
    }
  }

  /** Rows inserted, updated and deleted. */
  public record Rows(long inserted, long updated, long deleted) {}

  /** Copies the list. */
  public CaptureStatus {
    tasks = List.copyOf(tasks);
  }

  /** Whether changes flow: connector and task run, the slot is read, and the table published. */
  public boolean isRunning() {
    return "RUNNING".equals(connector)
        && !tasks.isEmpty()
        && tasks.stream().allMatch("RUNNING"::equals)
        && slot != null
        && slot.active()
        && table.published();
  }

  /** What is or may be lost, in a sentence each, with the remedy; empty if nothing is. */
  public List<String> warnings() {
    List<String> warnings = new ArrayList<>();
    if (hasGap()) {
      warnings.add(
          "%s is not the table that is captured: it was replaced or made again%s. Rows written to it since are not captured: %s"
              .formatted(EventsTable.NAME, others("; the publication has "), BEGIN_AGAIN));
    } else if (!table.alsoPublished().isEmpty()) {
      warnings.add(
          "%s. If it was %s before, rows written to the present one before that was published are not captured: %s"
              .formatted(others("The publication also has "), EventsTable.NAME, BEGIN_AGAIN));
    }
    String identity = table.replicaIdentity();
    if (identity != null && !identity.equals(CapturedTable.FULL)) {
      warnings.add(
          "The replica identity of %s is %s, not FULL: an update that leaves a long text as it was does not say what it is, and arrives as an invalid event: `millrace cdc register` makes it FULL"
              .formatted(EventsTable.NAME, identity));
    }
    return List.copyOf(warnings);
  }

  /**
   * Whether the table can have got rows that the slot, which was there before, does not tell of.
   */
  boolean hasGap() {
    return slot != null && !table.published();
  }

  private String others(String before) {
    return table.alsoPublished().isEmpty() ? "" : before + String.join(", ", table.alsoPublished());
  }

  /** Whether somebody has to look. */
  boolean hasFailed() {
    return error != null || (slot != null && slot.walStatus().equals("lost"));
  }
}
