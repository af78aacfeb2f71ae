package io.millrace.workflows.lake;

import io.temporal.activity.ActivityInterface;
import io.temporal.activity.ActivityMethod;
import java.util.List;

/** Steps that make few large objects of many small ones, and delete what is too old. */
@ActivityInterface
public interface CompactionActivities {

  /**
   * Chooses the objects that are to become one, and enters the new ones in the ledger, as loaded.
   * What an earlier run chose and did not finish comes first. Skips when there is nothing to do.
   */
  @ActivityMethod(name = "plan_compaction")
  List<CompactionTarget> plan(CompactionParams params);

  /**
   * Writes the new object, and then deletes those whose lines it holds. Interrupted anywhere, and
   * tried again, it ends the same: until the new object is there, whole, none of the old is gone.
   * Fails with {@code INVALID_INPUT}, and leaves everything as it was, if one of them is damaged.
   */
  @ActivityMethod(name = "compact_objects")
  CompactionResult compact(CompactionTarget target);

  /**
   * Deletes objects that were written longer ago than their bucket's policy says. An object of the
   * warehouse's bucket that it has not loaded or rejected stays. Skips without a policy.
   */
  @ActivityMethod(name = "apply_retention")
  RetentionResult applyRetention(CompactionParams params);
}
