package io.millrace.engine;

import io.temporal.workflow.SignalMethod;

/** Hears that a sensor has the first slot of its pool. */
public interface SensorListener {

  /** The sensor of the task pokes now, and is queued no longer. */
  @SignalMethod(name = SensorLoop.BEGAN)
  void began(SensorLoop.Began sensor);
}
