package io.millrace.serving.log;

/** Takes the record of predictions, off the path of the request that they are for. */
@FunctionalInterface
public interface PredictionSink {

  /** Takes a record, or counts it as dropped. Never blocks and never throws. */
  void offer(PredictionRecord record);

  /** Writes each record down as the log does, and throws it away: for a server that warms up. */
  static PredictionSink discarding() {
    return record -> {
      PredictionMessages messages = new PredictionMessages(record);
      for (int row = 0; row < record.rows().count(); row++) {
        byte[] unused = messages.of(row).bytes();
      }
    };
  }
}
