package io.millrace.workflows.jobs;

import io.millrace.engine.DagRunOps;
import io.millrace.engine.RunReport;
import io.temporal.common.converter.RawValue;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import org.jspecify.annotations.Nullable;

/** Savepoints of the streaming jobs while they run, of which the newest are kept. */
@WorkflowInterface
public interface FlinkSavepoint extends DagRunOps {
  String NAME = "flink_savepoint";

  /** Starts a run with {@link SavepointParams}; what is left out has its default. */
  @WorkflowMethod(name = NAME)
  RunReport run(@Nullable RawValue params);
}
