package io.millrace.engine.notify;

import io.temporal.activity.Activity;
import io.temporal.activity.ActivityExecutionContext;
import io.temporal.failure.ApplicationFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Delivers by the worker's notifiers; a retry sends only what was not sent yet. */
final class NotifyActivitiesImpl implements NotifyActivities {

  private static final Logger logger = LoggerFactory.getLogger(NotifyActivitiesImpl.class);
  private static final int FEWEST_RUNS = 3;

  /** Knows how long the last successful runs of a DAG took. */
  @FunctionalInterface
  interface Durations {
    List<Duration> last(String dag);
  }

  private final Notifiers notifiers;
  private final UnaryOperator<@Nullable String> links;
  private final Durations durations;

  /**
   * Takes what it needs.
   *
   * @param links the page of a run by its workflow id, or null
   */
  NotifyActivitiesImpl(
      Notifiers notifiers, UnaryOperator<@Nullable String> links, Durations durations) {
    this.notifiers = notifiers;
    this.links = links;
    this.durations = durations;
  }

  @Override
  public List<String> send(Dispatch dispatch) {
    ActivityExecutionContext context = Activity.getExecutionContext();
    Notification notification = dispatch.notification().withLink(links.apply(dispatch.run()));
    List<String> sent =
        new ArrayList<>(List.of(context.getHeartbeatDetails(String[].class).orElse(new String[0])));
    List<String> failures = new ArrayList<>();
    boolean permanent = true;
    for (String name : notifiers.meant(dispatch.names())) {
      if (sent.contains(name)) {
        continue;
      }
      try {
        notifiers.send(name, notification);
        sent.add(name);
        context.heartbeat(sent.toArray(String[]::new));
        count(context, "sent");
      } catch (NotifyException | IllegalArgumentException e) {
        count(context, "failed");
        logger.warn("'{}' not sent to {}: {}", notification.title(), name, e.getMessage());
        failures.add("%s: %s".formatted(name, e.getMessage()));
        permanent &= !(e instanceof NotifyException failure) || failure.isPermanent();
      }
    }
    if (!failures.isEmpty()) {
      throw ApplicationFailure.newBuilder()
          .setType("NotNotified")
          .setMessage(String.join("; ", failures))
          .setNonRetryable(permanent)
          .build();
    }
    return sent;
  }

  private static void count(ActivityExecutionContext context, String outcome) {
    context
        .getMetricsScope()
        .tagged(Map.of("outcome", outcome))
        .counter("millrace_notifications")
        .inc(1);
  }

  @Override
  public @Nullable Duration averageDuration(String dag) {
    List<Duration> last = durations.last(dag);
    return last.size() < FEWEST_RUNS
        ? null
        : last.stream().reduce(Duration.ZERO, Duration::plus).dividedBy(last.size());
  }
}
