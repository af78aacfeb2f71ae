package io.millrace.engine.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What differs on a real server: executions that heartbeat end when they are cancelled, child runs
 * start again under the same id, results are read from a real history.
 */
@Tag("long")
class OperationMatrixIT {

  private static final int AT_ONCE = 8;

  private static final Set<OperationKind> OF_RUNNING =
      Set.of(
          OperationKind.CLEAR,
          OperationKind.CLEAR_ITEM,
          OperationKind.MARK_SUCCESS,
          OperationKind.MARK_FAILED,
          OperationKind.MARK_ITEM_SUCCESS,
          OperationKind.MARK_ITEM_FAILED,
          OperationKind.CANCEL,
          OperationKind.RERUN);

  private static final Server SERVER = new RealMatrixServer();

  @AfterAll
  static void stop() {
    SERVER.close();
  }

  /** Whether a cell differs on a real server. */
  private static boolean differs(Cell cell) {
    if (cell.impossible().isPresent() || cell.subject().kind.isDecider()) {
      return false;
    }
    return switch (cell.state()) {
      case RUNNING -> OF_RUNNING.contains(cell.operation());
      case QUEUED ->
          cell.operation() == OperationKind.CLEAR || cell.operation() == OperationKind.CANCEL;
      case SUCCESS, FAILED -> cell.operation() == OperationKind.RERUN;
      default -> false;
    };
  }

  @ParameterizedTest
  @EnumSource
  void theRunDoesWhatTheRulesSay(OperationKind operation) throws InterruptedException {
    List<Callable<Void>> cells = new ArrayList<>();
    for (Cell cell : Cell.all()) {
      if (cell.operation() == operation && differs(cell)) {
        GraphSpec graph = cell.subject().graph(cell.state()).withHeartbeats();
        cells.add(() -> play(cell, graph));
      }
    }
    failsNone(cells);
  }

  @Test
  void whatDoesNotHeartbeatIsWaitedFor() throws InterruptedException {
    List<Callable<Void>> cells = new ArrayList<>();
    for (Subject subject : List.of(Subject.TASK, Subject.MAP_OF_3, Subject.CHILD)) {
      for (OperationKind operation : List.of(OperationKind.CLEAR, OperationKind.MARK_SUCCESS)) {
        Cell cell = new Cell(operation, subject, State.RUNNING);
        cells.add(() -> play(cell, subject.graph(State.RUNNING)));
      }
    }
    failsNone(cells);
  }

  private static Void play(Cell cell, GraphSpec graph) {
    Lockstep run = new Lockstep(SERVER, graph, cell.toString());
    try {
      cell.play(run);
    } finally {
      run.abandon();
    }
    return null;
  }

  private static void failsNone(List<Callable<Void>> cells) throws InterruptedException {
    ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
    List<String> failures = new ArrayList<>();
    try {
      for (Future<Void> cell : threads.invokeAll(cells)) {
        try {
          cell.get();
        } catch (ExecutionException e) {
          failures.add(String.valueOf(e.getCause()));
        }
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(failures).isEmpty();
  }
}
