package io.millrace.engine.matrix;

/** What becomes of an operation: done, or refused for which kind of reason. */
enum Answer {
  DONE,
  NOTHING_TO_DO,
  RUN_IS_ENDING,
  NO_SUCH_ITEM,
  STATE_ALREADY,
  OPTION_NEEDED,
  WRONG_VALUE,
  VALUE_WITHOUT_SUCCESS,
  HELD_ALREADY,
  NOT_HELD,
  HAS_STARTED;

  boolean isRefusal() {
    return this != DONE;
  }
}
