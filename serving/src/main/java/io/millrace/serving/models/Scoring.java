package io.millrace.serving.models;

/** Lets a version score rows: {@link ServedVersion#score}, or something around it. */
@FunctionalInterface
public interface Scoring {
  /** Scores all rows, which were coded with the version's encoder. */
  Scores score(ServedVersion version, Rows rows);
}
