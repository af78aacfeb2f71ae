package io.millrace.workflows.training;

import io.millrace.engine.DagRunOps;
import io.millrace.engine.RunReport;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import org.jspecify.annotations.Nullable;

/** From the warehouse to a registered, gated model. */
@WorkflowInterface
public interface TrainingPipeline extends DagRunOps {

  /** Runs it; without params, with {@link TrainingParams#DEFAULT}. */
  @WorkflowMethod(name = "training_pipeline")
  RunReport run(@Nullable TrainingParams params);
}
