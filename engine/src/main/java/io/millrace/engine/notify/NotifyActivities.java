package io.millrace.engine.notify;

import io.temporal.activity.ActivityInterface;
import io.temporal.activity.ActivityMethod;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a run asks of its worker to notify people. */
@ActivityInterface
public interface NotifyActivities {

  /**
   * Delivers a notification.
   *
   * @return the names of those who were told
   */
  @ActivityMethod(name = "millrace_notify")
  List<String> send(Dispatch dispatch);

  /** The average duration of a DAG's last successful runs; null if there are too few. */
  @ActivityMethod(name = "millrace_average_duration")
  @Nullable Duration averageDuration(String dag);

  /**
   * A notification on its way.
   *
   * @param names of notifiers; none for the worker's defaults
   * @param run the workflow id of the run that it is about
   */
  record Dispatch(List<String> names, String run, Notification notification) {}
}
