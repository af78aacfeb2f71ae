package io.millrace.engine.schedule;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where a worker says that a schedule has lost runs. */
@FunctionalInterface
public interface Alerts {

  /** Tells somebody. May be called twice for one alert; must not block for long. */
  void raise(ScheduleAlert alert);

  /** Warnings in the worker's log. */
  static Alerts toLog() {
    Logger logger = LoggerFactory.getLogger(Alerts.class);
    return alert -> logger.warn("{}", alert.message());
  }
}
