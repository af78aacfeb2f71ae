package io.millrace.workflows.tuning;

import io.temporal.workflow.QueryMethod;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.util.List;

/** A study: trials fanned out over all training workers, stopped early by ASHA. */
@WorkflowInterface
public interface TuneHyperparameters {
  /** The task queue of CPU-bound work. */
  String TASK_QUEUE = "millrace-training";

  /** Runs the study and returns its best trial. */
  @WorkflowMethod(name = "tune_hyperparameters")
  TuningResult tune(TuningRequest request);

  /** The trials that have ended so far. */
  @QueryMethod(name = "trials")
  List<TrialOutcome> trials();
}
