package io.millrace.engine.notify;

import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowExecutionMetadata;
import io.temporal.worker.Worker;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Lets a worker deliver what {@link RunAlerts} declares. On a worker that was not told so, alerts
 * are given up and named in the run's details.
 */
public final class NotifyWorkers {

  private static final int RUNS = 10;

  private NotifyWorkers() {}

  /**
   * Registers the deliveries.
   *
   * @param client asked how long earlier runs took
   * @param links the page of a run by its workflow id, or null for none
   */
  public static void register(
      Worker worker,
      WorkflowClient client,
      Notifiers notifiers,
      UnaryOperator<@Nullable String> links) {
    worker.registerActivitiesImplementations(
        new NotifyActivitiesImpl(notifiers, links, dag -> durations(client, dag)));
  }

  /** Registers deliveries that all go to one, whoever is named, for tests. */
  public static void registerForTests(Worker worker, Notifier notifier) {
    worker.registerActivitiesImplementations(
        new NotifyActivitiesImpl(Notifiers.all(notifier), run -> null, dag -> List.of()));
  }

  private static List<Duration> durations(WorkflowClient client, String dag) {
    String query = "WorkflowType='%s' AND ExecutionStatus='Completed'".formatted(dag);
    try (Stream<WorkflowExecutionMetadata> runs = client.listExecutions(query)) {
      return runs.limit(RUNS)
          .filter(run -> run.getCloseTime() != null)
          .map(run -> Duration.between(run.getStartTime(), run.getCloseTime()))
          .toList();
    }
  }
}
