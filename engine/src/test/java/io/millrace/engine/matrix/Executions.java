package io.millrace.engine.matrix;

import io.millrace.engine.TaskSkipped;
import io.temporal.activity.Activity;
import io.temporal.activity.ActivityExecutionContext;
import io.temporal.failure.ApplicationFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Stands in for all work of all runs of one server: each execution stands still until the test ends
 * it, and everything that was executed is kept.
 */
final class Executions implements MatrixWork {

  private static final long BEAT_MILLIS = 200;

  /** What an automatic execution returns. */
  static final int AUTOMATIC_VALUE = 1;

  private final Map<String, OfRun> runs = new TreeMap<>();

  /**
   * One execution.
   *
   * @param key {@code task} or {@code task[item]}
   * @param inputs what it was given of the tasks above
   */
  record Execution(String key, String inputs, CompletableFuture<Integer> end) {}

  /** What was executed for one run. */
  static final class OfRun {
    private final Map<String, Integer> counts = new TreeMap<>();
    private final Map<String, Execution> live = new TreeMap<>();
    private final Map<String, String> inputs = new TreeMap<>();
    private final List<String> overlaps = new ArrayList<>();
    private int changes;
  }

  /**
   * What was executed for a run until now.
   *
   * @param counts how often each task or item was started
   * @param live what goes on now
   * @param inputs of the last execution of each
   * @param overlaps what was executed while it was still going on
   * @param changes grows with everything that happens
   */
  record Snapshot(
      Map<String, Integer> counts,
      List<String> live,
      Map<String, String> inputs,
      List<String> overlaps,
      int changes) {}

  @Override
  public Integer act(String call) {
    String run = runOf(Activity.getExecutionContext().getInfo().getWorkflowId());
    boolean automatic = call.startsWith(MatrixDag.AUTOMATIC);
    boolean heartbeating = call.startsWith(MatrixDag.HEARTBEATING);
    String rest = automatic || heartbeating ? call.substring(call.indexOf(':') + 1) : call;
    int bar = rest.indexOf('|');
    Execution execution =
        new Execution(
            rest.substring(0, bar), rest.substring(bar + 1), new CompletableFuture<Integer>());
    begin(run, execution, automatic);
    if (automatic) {
      return AUTOMATIC_VALUE;
    }
    try {
      return heartbeating ? beating(execution) : execution.end().get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ApplicationFailure.newNonRetryableFailure("the worker stops", "Interrupted");
    } catch (ExecutionException e) {
      throw e.getCause() instanceof ApplicationFailure failure
          ? failure
          : ApplicationFailure.newNonRetryableFailure(String.valueOf(e.getCause()), "Broken");
    } finally {
      finish(run, execution);
    }
  }

  private static int beating(Execution execution) throws InterruptedException, ExecutionException {
    ActivityExecutionContext context = Activity.getExecutionContext();
    while (!execution.end().isDone()) {
      context.heartbeat(null); // throws when the execution has been cancelled
      TimeUnit.MILLISECONDS.sleep(BEAT_MILLIS);
    }
    return execution.end().get();
  }

  /** Child runs, and the chunks of a map, have the run's id as the beginning of theirs. */
  private static String runOf(String workflowId) {
    int slash = workflowId.indexOf('/');
    return slash < 0 ? workflowId : workflowId.substring(0, slash);
  }

  private synchronized OfRun of(String run) {
    return runs.computeIfAbsent(run, any -> new OfRun());
  }

  private synchronized void begin(String run, Execution execution, boolean automatic) {
    OfRun of = of(run);
    of.changes++;
    of.counts.merge(execution.key(), 1, Integer::sum);
    of.inputs.put(execution.key(), execution.inputs());
    if (!automatic && of.live.put(execution.key(), execution) != null) {
      of.overlaps.add(execution.key());
    }
  }

  private synchronized void finish(String run, Execution execution) {
    of(run).live.remove(execution.key(), execution);
    of(run).changes++;
  }

  synchronized Snapshot snapshot(String run) {
    OfRun of = of(run);
    return new Snapshot(
        Map.copyOf(of.counts),
        List.copyOf(of.live.keySet()),
        Map.copyOf(of.inputs),
        List.copyOf(of.overlaps),
        of.changes);
  }

  /** Ends an execution that goes on; false if there is none. */
  boolean end(String run, String key, Outcome outcome, int value) {
    Execution execution = live(run, key);
    if (execution == null) {
      return false;
    }
    switch (outcome) {
      case SUCCESS -> execution.end().complete(value);
      case FAILED ->
          execution
              .end()
              .completeExceptionally(
                  ApplicationFailure.newNonRetryableFailure("as the test says", "Broken"));
      case SKIPPED ->
          execution.end().completeExceptionally(TaskSkipped.because("as the test says"));
    }
    return true;
  }

  private synchronized @Nullable Execution live(String run, String key) {
    return of(run).live.get(key);
  }

  /** Lets everything of a run end, after a test that failed. */
  synchronized void release(String run) {
    of(run)
        .live
        .values()
        .forEach(
            execution ->
                execution
                    .end()
                    .completeExceptionally(
                        ApplicationFailure.newNonRetryableFailure("the test is over", "Over")));
  }
}
