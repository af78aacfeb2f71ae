package io.millrace.engine.testing;

import io.millrace.engine.payload.PayloadLimits;
import io.millrace.engine.payload.ResultLimit;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.common.WorkflowExecutionHistory;
import io.temporal.common.converter.DefaultDataConverter;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.testing.WorkflowReplayer;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactoryOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Replays stored histories against today's code: what a deployment does to runs in flight. */
public final class HistoryReplay {

  /** A call that was refused for its size is refused again. */
  private static final TestEnvironmentOptions OPTIONS =
      TestEnvironmentOptions.newBuilder()
          .setWorkerFactoryOptions(
              WorkerFactoryOptions.newBuilder()
                  .setWorkerInterceptors(
                      new ResultLimit(
                          PayloadLimits.DEFAULT, DefaultDataConverter.STANDARD_INSTANCE))
                  .build())
          .build();

  private HistoryReplay() {}

  /**
   * Replays every {@code *.json} in a folder.
   *
   * @param folder histories as the Web UI, the Temporal CLI or {@link DagTest#history} write them
   * @param implementation the DAG's implementation class
   * @param others those of further DAGs and child runs whose histories are in the folder
   * @return the files replayed
   * @throws AssertionError if the folder has none, or one no longer replays, naming the file
   */
  public static List<Path> replayAll(Path folder, Class<?> implementation, Class<?>... others) {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> histories =
          files.filter(file -> file.toString().endsWith(".json")).sorted().toList();
      if (histories.isEmpty()) {
        throw new AssertionError("No history in " + folder);
      }
      histories.forEach(history -> replay(history, implementation, others));
      return histories;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot list " + folder, e);
    }
  }

  private static void replay(Path history, Class<?> implementation, Class<?>... others) {
    try {
      String json = Files.readString(history);
      try (TestWorkflowEnvironment server = TestWorkflowEnvironment.newInstance(OPTIONS)) {
        Worker worker = server.newWorker("replay");
        worker.registerWorkflowImplementationTypes(implementation);
        worker.registerWorkflowImplementationTypes(others);
        WorkflowReplayer.replayWorkflowExecution(
            WorkflowExecutionHistory.fromJson(json, runId(WorkflowExecutionHistory.fromJson(json))),
            worker);
      }
    } catch (Exception e) {
      throw new AssertionError(
          "%s does not replay on %s: a run in flight would fail"
              .formatted(history, implementation.getSimpleName()),
          e);
    }
  }

  /** The run's own id: those of its child runs begin with it, and a replay must make the same. */
  private static String runId(WorkflowExecutionHistory history) {
    String started =
        history.getEvents().get(0).getWorkflowExecutionStartedEventAttributes().getWorkflowId();
    if (!started.isEmpty()) {
      return started;
    }
    return history.getEvents().stream()
        .filter(HistoryEvent::hasStartChildWorkflowExecutionInitiatedEventAttributes)
        .map(event -> event.getStartChildWorkflowExecutionInitiatedEventAttributes())
        .map(child -> child.getWorkflowId().replaceFirst("/[^/]*$", ""))
        .findFirst()
        .orElse("replayed");
  }
}
