package io.millrace.serving.log;

/** Takes the record of predictions, off the path of the request that they are for. */
@FunctionalInterface
public interface PredictionSink {

  /** Takes a record, or counts it as dropped. Never blocks and never throws. */
  void offer(PredictionRecord record);
}
