package io.millrace.engine.notify;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who is told of what about the runs of a DAG. Notifiers are named; with no name those are meant
 * that the worker's configuration makes the default ({@code notify.default}).
 *
 * <pre>{@code
 * dag.alerts()
 *     .onFailure("pager", "mail")
 *     .onRetry("chat")
 *     .deadline(Duration.ofHours(2), "pager")
 *     .deadlineTimesAverage(2.0, "chat");
 * }</pre>
 *
 * <p>A notification never fails its run. It is an activity with a few tries; one that no notifier
 * could send is named in the run's details and report. A run ends when its last one is delivered or
 * given up, at most three minutes later.
 */
public final class RunAlerts {

  /** What a notification can be about. */
  enum Kind {
    FAILURE,
    SUCCESS,
    RETRY
  }

  /**
   * A time by which a run should have ended.
   *
   * @param limit from {@code from} on, or null if it is a multiple of the average
   * @param factor of the average duration, if there is no limit
   * @param from where the limit counts from
   */
  record Deadline(@Nullable Duration limit, double factor, From from, List<String> names) {}

  /** Where a deadline counts from. */
  enum From {
    START,
    LOGICAL_DATE
  }

  private final Map<Kind, List<String>> told = new LinkedHashMap<>();
  private final List<Deadline> deadlines = new ArrayList<>();

  /** Tells of runs that failed, or that are held because a task failed. */
  public RunAlerts onFailure(String... notifiers) {
    return on(Kind.FAILURE, notifiers);
  }

  /** Tells of runs that succeeded. */
  public RunAlerts onSuccess(String... notifiers) {
    return on(Kind.SUCCESS, notifiers);
  }

  /**
   * Tells of tries that failed and are followed by another one; at most 20 times a run. Tries that
   * end without their worker (timeouts, a killed worker) are not told of. Takes {@link
   * NotifyInterceptor} on the workers.
   */
  public RunAlerts onRetry(String... notifiers) {
    return on(Kind.RETRY, notifiers);
  }

  /** Tells once if a run has not ended so long after its start. It does not stop the run. */
  public RunAlerts deadline(Duration limit, String... notifiers) {
    return deadline(limit, From.START, notifiers);
  }

  /** Tells once if a run has not ended so long after its logical date. */
  public RunAlerts deadlineAfterLogicalDate(Duration limit, String... notifiers) {
    return deadline(limit, From.LOGICAL_DATE, notifiers);
  }

  /**
   * Tells once if a run takes so many times the average of the DAG's last 10 successful runs. While
   * there are fewer than 3 there is no deadline.
   */
  public RunAlerts deadlineTimesAverage(double factor, String... notifiers) {
    if (!(factor > 0 && factor <= 1_000)) {
      throw new IllegalArgumentException(
          "A deadline's factor must be above 0 and at most 1000, not " + factor);
    }
    deadlines.add(new Deadline(null, factor, From.START, List.of(notifiers)));
    return this;
  }

  boolean isEmpty() {
    return told.isEmpty() && deadlines.isEmpty();
  }

  /** The notifiers to use; null if none. */
  @Nullable List<String> names(Kind kind) {
    return told.get(kind);
  }

  List<Deadline> deadlines() {
    return deadlines;
  }

  private RunAlerts on(Kind kind, String... notifiers) {
    told.put(kind, List.of(notifiers));
    return this;
  }

  private RunAlerts deadline(Duration limit, From from, String... notifiers) {
    if (limit.isZero() || limit.isNegative()) {
      throw new IllegalArgumentException("A deadline must be positive, not " + limit);
    }
    deadlines.add(new Deadline(limit, 0, from, List.of(notifiers)));
    return this;
  }
}
