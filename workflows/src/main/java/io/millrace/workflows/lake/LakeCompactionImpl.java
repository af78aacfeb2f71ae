package io.millrace.workflows.lake;

import io.millrace.engine.Dag;
import io.millrace.engine.DagWorkflow;
import io.millrace.engine.DataInterval;
import io.millrace.engine.Policy;
import io.millrace.engine.Task;
import java.time.Duration;
import java.util.List;

/** The graph of {@link LakeCompaction}: one task a new object, and retention beside them. */
public final class LakeCompactionImpl extends DagWorkflow<CompactionParams>
    implements LakeCompaction {

  @Override
  protected CompactionParams defaults() {
    return CompactionParams.DEFAULT;
  }

  @Override
  protected void define(Dag dag, CompactionParams params, DataInterval interval) {
    dag.defaults(
        Policy.DEFAULT
            .withRetries(5, Duration.ofSeconds(2))
            .withAttemptTimeout(Duration.ofHours(1))
            .withHeartbeat(Duration.ofSeconds(30)));
    Task<List<CompactionTarget>> targets =
        dag.task(
            "plan_compaction", CompactionActivities.class, compaction -> compaction.plan(params));
    dag.map("compact_objects", targets, CompactionActivities.class, CompactionActivities::compact)
        .named(CompactionTarget::name)
        .maxActive(params.parallelism());
    dag.task(
        "apply_retention",
        CompactionActivities.class,
        compaction -> compaction.applyRetention(params));
  }
}
