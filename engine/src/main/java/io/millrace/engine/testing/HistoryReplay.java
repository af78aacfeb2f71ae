package io.millrace.engine.testing;

import io.millrace.engine.payload.PayloadLimits;
import io.millrace.engine.payload.ResultLimit;
import io.millrace.engine.replay.ReplayCheck;
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
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/**
 * Replays stored histories against today's code: what a deployment does to runs in flight. Besides
 * the order and the types of the calls, each task's id and arguments must be those of the history,
 * as in a worker: see {@link ReplayCheck}.
 */
public final class HistoryReplay {

  private HistoryReplay() {}

  /**
   * Replays every {@code *.json} in a folder.
   *
   * @param folder histories as the Web UI, the Temporal CLI or {@link DagTest#history} write them
   * @param implementation the DAG's implementation class
   * @param others those of further DAGs and child runs whose histories are in the folder
   * @return the files replayed
   * @throws AssertionError if the folder has none, or one no longer replays, naming the file and,
   *     of a task that is another one today, both sides
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

  private static void replay(Path file, Class<?> implementation, Class<?>... others) {
    List<String> mismatches = new CopyOnWriteArrayList<>();
    try {
      String json = Files.readString(file);
      WorkflowExecutionHistory history =
          WorkflowExecutionHistory.fromJson(json, runId(WorkflowExecutionHistory.fromJson(json)));
      ReplayCheck check =
          new ReplayCheck(
              run -> history.getEvents().iterator(),
              DefaultDataConverter.STANDARD_INSTANCE,
              mismatches::add);
      try (TestWorkflowEnvironment server = TestWorkflowEnvironment.newInstance(checking(check))) {
        Worker worker = server.newWorker("replay");
        worker.registerWorkflowImplementationTypes(implementation);
        worker.registerWorkflowImplementationTypes(others);
        WorkflowReplayer.replayWorkflowExecution(history, worker);
      }
    } catch (Exception e) {
      throw new AssertionError(
          "%s does not replay on %s: a run in flight would stop there%s"
              .formatted(
                  file,
                  implementation.getSimpleName(),
                  mismatches.isEmpty() ? "" : ": " + mismatches.get(0)),
          e);
    }
  }

  private static TestEnvironmentOptions checking(ReplayCheck check) {
    return TestEnvironmentOptions.newBuilder()
        .setWorkerFactoryOptions(
            WorkerFactoryOptions.newBuilder()
                .setWorkerInterceptors(
                    check,
                    // A call that was refused for its size is refused again.
                    new ResultLimit(PayloadLimits.DEFAULT, DefaultDataConverter.STANDARD_INSTANCE))
                .build())
        .build();
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
        .orElse(ReplayCheck.UNKNOWN_WORKFLOW_ID);
  }
}
