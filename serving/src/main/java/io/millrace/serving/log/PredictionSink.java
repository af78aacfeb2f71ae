package io.millrace.serving.log;

import io.millrace.serving.models.ServedVersion;

/** Takes the record of predictions, off the path of the request that they are for. */
@FunctionalInterface
public interface PredictionSink {

  /**
   * Takes a record, or counts it as dropped. Rows whose scores are not finite were answered by an
   * error, and are no predictions. Never blocks and never throws.
   */
  void offer(PredictionRecord record);

  /** Counts rows of a request that was refused because their scores are not finite. */
  default void notFinite(ServedVersion version, int rows) {}
}
