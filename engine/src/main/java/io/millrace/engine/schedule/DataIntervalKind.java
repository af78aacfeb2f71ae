package io.millrace.engine.schedule;

/** Which span of time a run of a schedule is about. */
public enum DataIntervalKind {

  /**
   * None: the interval is the nominal time itself, as with Airflow's trigger timetables. It is also
   * the logical date.
   */
  POINT,

  /**
   * The span since the nominal time before, [previous, nominal), as with Airflow's data-interval
   * timetables. Its start is the logical date. The intervals of a schedule's runs follow each other
   * without a gap or an overlap, also on the days on which the clock changes.
   */
  BEFORE
}
