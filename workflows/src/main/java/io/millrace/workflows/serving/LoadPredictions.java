package io.millrace.workflows.serving;

import io.millrace.engine.DagRunOps;
import io.millrace.engine.RunReport;
import io.temporal.common.converter.RawValue;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import org.jspecify.annotations.Nullable;

/**
 * From the lake's predictions to {@code dwh.predictions}.
 *
 * <p>A run takes whatever is new in the lake; one of a backfill loads exactly the hours of its data
 * interval, in place of what was loaded of them ({@link io.millrace.workflows.lake.LoadScope}).
 * Running it again, or twice at once, changes nothing that is there. With nothing to do it is
 * green, and all but the check is skipped.
 */
@WorkflowInterface
public interface LoadPredictions extends DagRunOps {
  String NAME = "load_predictions";

  /** Starts a run with {@link LoadPredictionsParams}; what is left out has its default. */
  @WorkflowMethod(name = NAME)
  RunReport run(@Nullable RawValue params);
}
