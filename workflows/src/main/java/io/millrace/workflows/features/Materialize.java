package io.millrace.workflows.features;

import io.millrace.engine.DagRunOps;
import io.millrace.engine.RunReport;
import io.temporal.common.converter.RawValue;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import org.jspecify.annotations.Nullable;

/**
 * From the warehouse to the online store: what the live job has not written, because it was not
 * there yet, had forgotten a session, or Redis lost its data.
 *
 * <p>Started by the asset {@code gold_events}, and by the clock in case an event is missed.
 */
@WorkflowInterface
public interface Materialize extends DagRunOps {
  String NAME = "materialize";

  /** Starts a run with {@link MaterializeParams}; what is left out has its default. */
  @WorkflowMethod(name = NAME)
  RunReport run(@Nullable RawValue params);
}
