package io.millrace.workflows.training;

import io.millrace.engine.DagRunOps;
import io.millrace.engine.RunReport;
import io.temporal.common.converter.RawValue;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import org.jspecify.annotations.Nullable;

/** From the warehouse to a registered, gated model. */
@WorkflowInterface
public interface TrainingPipeline extends DagRunOps {

  /** Runs it; the input is a JSON object of {@link TrainingParams}, or nothing for the defaults. */
  @WorkflowMethod(name = "training_pipeline")
  RunReport run(@Nullable RawValue params);
}
