package io.millrace.activities.warehouse;

import io.millrace.engine.TaskSkipped;
import io.millrace.workflows.lake.CompactionActivities;
import io.millrace.workflows.lake.CompactionParams;
import io.millrace.workflows.lake.CompactionTarget;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.ApplicationFailure;
import io.temporal.testing.TestActivityEnvironment;
import java.util.List;
import java.util.Map;

/** The compaction's activities, called as a run calls them. */
final class Compaction implements AutoCloseable {
  private final TestActivityEnvironment temporal = TestActivityEnvironment.newInstance();
  private final CompactionActivities stub;

  Compaction(CompactionActivities activities) {
    temporal.registerActivitiesImplementations(activities);
    stub = temporal.newActivityStub(CompactionActivities.class);
  }

  /** What is to be compacted; nothing if the task would be skipped. */
  List<CompactionTarget> plan(CompactionParams params) {
    try {
      return stub.plan(params);
    } catch (ActivityFailure e) {
      requireSkip(e);
      return List.of();
    }
  }

  /** Does nothing if an object was replaced or deleted meanwhile. */
  void compact(CompactionTarget target) {
    try {
      stub.compact(target);
    } catch (ActivityFailure e) {
      requireSkip(e);
    }
  }

  private static void requireSkip(ActivityFailure e) {
    if (!(e.getCause() instanceof ApplicationFailure failure)
        || !failure.getType().equals(TaskSkipped.TYPE)) {
      throw e;
    }
  }

  /** Deletes what is older than a day. */
  void retain(String bucket) {
    CompactionParams defaults = CompactionParams.DEFAULT;
    stub.applyRetention(
        new CompactionParams(
            bucket,
            defaults.prefix(),
            defaults.quietMinutes(),
            defaults.minObjects(),
            defaults.maxBytes(),
            defaults.maxObjects(),
            defaults.parallelism(),
            Map.of(bucket, 1)));
  }

  @Override
  public void close() {
    temporal.close();
  }
}
