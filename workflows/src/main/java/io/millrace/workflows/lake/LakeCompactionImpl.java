package io.millrace.workflows.lake;

import io.millrace.engine.Dag;
import io.millrace.engine.DagWorkflow;
import io.millrace.engine.DataInterval;
import io.millrace.engine.Policy;
import io.millrace.engine.Task;
import io.millrace.engine.Upstream;
import io.millrace.workflows.operations.ShippedOperations;
import java.time.Duration;
import java.util.List;

/**
 * The graph of {@link LakeCompaction}: one task a new object, and retention beside them. Both are
 * about the lake as it is, whatever the data interval: {@code latest_only} skips runs for past
 * dates.
 */
public final class LakeCompactionImpl extends DagWorkflow<CompactionParams>
    implements LakeCompaction {

  @Override
  protected CompactionParams defaults() {
    return CompactionParams.DEFAULT;
  }

  @Override
  protected void define(Dag dag, CompactionParams params, DataInterval interval) {
    ShippedOperations operations = ShippedOperations.ofCurrentRun();
    operations.alerts(dag, Duration.ofHours(6));
    Upstream[] first = operations.latestOnly(dag);
    dag.defaults(
        Policy.PATIENT
            .withAttemptTimeout(Duration.ofHours(1))
            .withHeartbeat(Duration.ofSeconds(30)));
    Task<List<CompactionTarget>> targets =
        dag.task(
                "plan_compaction",
                CompactionActivities.class,
                compaction -> compaction.plan(params))
            .after(first);
    dag.map("compact_objects", targets, CompactionActivities.class, CompactionActivities::compact)
        .named(CompactionTarget::name)
        .maxActive(params.parallelism());
    dag.task(
            "apply_retention",
            CompactionActivities.class,
            compaction -> compaction.applyRetention(params))
        .after(first);
  }
}
