package io.millrace.engine.matrix;

/** What becomes of an operation: done, or refused for which kind of reason. */
enum Answer {
  DONE,
  /** It changes nothing: the run may say so or do nothing. */
  NOTHING_TO_DO,
  RUN_IS_ENDING,
  NO_SUCH_ITEM,
  STATE_ALREADY,
  OPTION_NEEDED,
  WRONG_VALUE,
  VALUE_WITHOUT_SUCCESS,
  NONE_FAILED,
  HELD_ALREADY,
  NOT_HELD,
  HAS_STARTED;

  boolean mayBeRefused() {
    return this != DONE;
  }

  boolean mayBeDone() {
    return this == DONE || this == NOTHING_TO_DO;
  }
}
