package io.millrace.engine;

import io.millrace.engine.PreviousRunReader.Answer;
import io.temporal.workflow.SignalMethod;
import io.temporal.workflow.WorkflowInterface;

/**
 * Where a run gets signals of the run before it; {@link PreviousRun} registers it.
 *
 * <p>Messages of the engine between the runs of one DAG, not for people.
 */
@WorkflowInterface
public interface PreviousRunSignals {

  /** The name of the signal. */
  String SIGNAL = "millrace_run_before_changed";

  /** Says what the tasks wait for from now on; none means that all may start. */
  @SignalMethod(name = SIGNAL)
  void changed(Answer answer);
}
