package io.millrace.engine;

import io.millrace.engine.PreviousRunReader.Wanted;
import io.temporal.workflow.SignalMethod;
import io.temporal.workflow.WorkflowInterface;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where a run gets requests of the runs that wait for it; {@link RunsAfter} registers it.
 *
 * <p>Messages of the engine between the runs of one DAG, not for people.
 */
@WorkflowInterface
public interface RunAfterSignals {

  /** The name of the signal. */
  String SIGNAL = "millrace_run_after_waits";

  /** Asks for a signal at every change; a second request of the same run replaces the first. */
  @SignalMethod(name = SIGNAL)
  void waits(RunAfter after);

  /**
   * A run that waits for this one.
   *
   * @param runId its workflow id
   * @param registered what its answers must name; see {@link Answer#registered}
   * @param tasks those of its tasks that depend on the past
   * @param known what it knows that they wait for, by task
   */
  record RunAfter(String runId, String registered, List<Wanted> tasks, Map<String, String> known) {
    public RunAfter {
      tasks = List.copyOf(tasks);
      known = Collections.unmodifiableMap(new TreeMap<>(known));
    }
  }
}
