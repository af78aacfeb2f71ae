package io.millrace.engine.matrix;

/** How an execution ends: what the test lets it do. */
enum Outcome {
  SUCCESS,
  FAILED,
  SKIPPED
}
