package io.millrace.flink.lake;

/** Which time decides about the hour that a message is filed under. */
public enum HourOf {
  /** The event's own time; the record's, should a message have no event in it. */
  EVENT,
  /** The time of the prediction; the record's, should a message have no prediction in it. */
  PREDICTION,
  /** The time at which the message was written to the topic. */
  RECORD
}
