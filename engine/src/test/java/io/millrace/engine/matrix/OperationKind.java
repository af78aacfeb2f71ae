package io.millrace.engine.matrix;

/** The operations of the matrix. */
enum OperationKind {
  CLEAR,
  CLEAR_ONLY_FAILED,
  CLEAR_WITHOUT_DOWNSTREAM,
  CLEAR_ITEM,
  MARK_SUCCESS,
  MARK_FAILED,
  MARK_SKIPPED,
  MARK_WITH_VALUE,
  MARK_WITH_WRONG_VALUE,
  MARK_ITEM_SUCCESS,
  MARK_ITEM_FAILED,
  HOLD_AND_RELEASE,
  BREAKPOINT,
  CANCEL,
  RERUN;

  boolean isForItems() {
    return this == CLEAR_ITEM || this == MARK_ITEM_SUCCESS || this == MARK_ITEM_FAILED;
  }
}
