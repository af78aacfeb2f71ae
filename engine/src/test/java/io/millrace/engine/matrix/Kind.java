package io.millrace.engine.matrix;

/** What a task of a {@link GraphSpec} is. */
enum Kind {
  TASK,
  MAP,
  MAP_RUNS,
  CHILD,
  TRIGGER,
  BRANCH,
  SHORT_CIRCUIT,
  LATEST_ONLY,
  SENSOR,
  EVENT,
  GATE;

  boolean isMap() {
    return this == MAP || this == MAP_RUNS;
  }

  /** Decides in the run which tasks below it may run, without an activity. */
  boolean isDecider() {
    return this == BRANCH || this == SHORT_CIRCUIT || this == LATEST_ONLY;
  }

  boolean awaitsInput() {
    return this == EVENT || this == GATE;
  }
}
