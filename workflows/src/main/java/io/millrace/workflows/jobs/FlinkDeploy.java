package io.millrace.workflows.jobs;

import io.millrace.engine.DagRunOps;
import io.millrace.engine.RunReport;
import io.temporal.common.converter.RawValue;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import org.jspecify.annotations.Nullable;

/**
 * Replaces streaming jobs by another build, one after the other: each is stopped with a savepoint,
 * started from it, and watched. One that is not well goes back to the build before, from the newest
 * state of the two, so that nothing is lost and nothing is published twice; the rest is then left
 * alone, and the run fails.
 */
@WorkflowInterface
public interface FlinkDeploy extends DagRunOps {
  String NAME = "flink_deploy";

  /** Starts a run with {@link DeployParams}; what is left out has its default. */
  @WorkflowMethod(name = NAME)
  RunReport run(@Nullable RawValue params);
}
