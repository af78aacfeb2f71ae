package io.millrace.engine;

/** A task result that can say in a few words what was done, for the run's grid. */
public interface Summary {

  /**
   * Returns a few words with the counts that matter, for example {@code 12,000 rows in 3 objects}.
   */
  String summary();
}
