package io.millrace.workflows.lake;

import io.millrace.engine.DagRunOps;
import io.millrace.engine.RunReport;
import io.temporal.common.converter.RawValue;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import org.jspecify.annotations.Nullable;

/**
 * Few large objects in place of many small ones, in hours for which nothing comes any more, beside
 * {@code data_pipeline}; and the lake's retention.
 */
@WorkflowInterface
public interface LakeCompaction extends DagRunOps {
  String NAME = "lake_compaction";

  /** Starts a run with {@link CompactionParams}; what is left out has its default. */
  @WorkflowMethod(name = NAME)
  RunReport run(@Nullable RawValue params);
}
