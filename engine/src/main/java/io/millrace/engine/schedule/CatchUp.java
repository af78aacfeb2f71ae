package io.millrace.engine.schedule;

/** Which of the runs that a schedule missed while it was paused start when it goes on. */
public enum CatchUp {
  /**
   * As after an outage: those that are not older than the schedule's catch-up window, and the last
   * in any case. So all of them with {@link DagSchedule#withCatchup}, and the last one without.
   */
  DECLARED,
  /** All, as Airflow's {@code catchup=True}. */
  ALL,
  /** Only the last, as Airflow's {@code catchup=False}. */
  LAST,
  /** None. */
  NONE
}
