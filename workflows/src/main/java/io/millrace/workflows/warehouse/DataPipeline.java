package io.millrace.workflows.warehouse;

import io.millrace.engine.DagRunOps;
import io.millrace.engine.RunReport;
import io.temporal.common.converter.RawValue;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import org.jspecify.annotations.Nullable;

/**
 * From validated events in the lake to the star schema.
 *
 * <p>A scheduled run, or one by hand, takes whatever is new in the lake and whatever earlier runs
 * left unfinished. A run of a backfill loads exactly the hours of its data interval, in place of
 * what was loaded of them; see {@link io.millrace.workflows.lake.LoadScope}. Running it again, or
 * twice at once, changes nothing that is there: see {@code lake.objects} and {@code lake.slices}.
 * With nothing to do it is green and everything from {@code list_new_objects} on is skipped.
 */
@WorkflowInterface
public interface DataPipeline extends DagRunOps {
  String NAME = "data_pipeline";

  /** Starts a run with {@link DataPipelineParams}; what is left out has its default. */
  @WorkflowMethod(name = NAME)
  RunReport run(@Nullable RawValue params);
}
