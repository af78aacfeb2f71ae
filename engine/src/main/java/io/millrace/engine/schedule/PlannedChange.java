package io.millrace.engine.schedule;

/**
 * What reconciling does, or would do, to one schedule.
 *
 * @param schedule the schedule's id
 * @param change what is done
 * @param detail the declared spec, or why it goes
 */
public record PlannedChange(String schedule, Change change, String detail) {

  /** What is done to a schedule. */
  public enum Change {
    CREATE,
    UPDATE,
    /** It is no longer declared: it is paused, and keeps what it has. */
    RETIRE,
    /** It is declared again: it is as before it was retired. */
    RESTORE,
    /** It is no longer declared, and pruned. */
    DELETE,
    UNCHANGED
  }
}
