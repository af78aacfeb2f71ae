package io.millrace.engine.schedule;

import io.millrace.engine.notify.Notification;
import io.millrace.engine.notify.Notifier;
import io.millrace.engine.notify.NotifyException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where a worker says that a schedule has lost runs. */
@FunctionalInterface
public interface Alerts {

  /** Sends an alert. May be called twice for one alert; must not block for long. */
  void raise(ScheduleAlert alert);

  /**
   * Notifications, beside the warnings in the worker's log. One that is not delivered is a warning
   * too, and nothing else: the next look does not repeat it.
   */
  static Alerts to(Notifier notifier) {
    Alerts log = toLog();
    Logger logger = LoggerFactory.getLogger(Alerts.class);
    return alert -> {
      log.raise(alert);
      try {
        notifier.send(
            Notification.of(
                Notification.Level.WARNING,
                "schedule %s has lost runs".formatted(alert.schedule()),
                alert.message(),
                alert.seenAt()));
      } catch (NotifyException e) {
        logger.warn(
            "The alert about schedule {} was not sent: {}", alert.schedule(), e.getMessage());
      }
    };
  }

  /** Warnings in the worker's log. */
  static Alerts toLog() {
    Logger logger = LoggerFactory.getLogger(Alerts.class);
    return alert -> logger.warn("{}", alert.message());
  }
}
