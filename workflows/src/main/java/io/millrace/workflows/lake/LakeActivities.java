package io.millrace.workflows.lake;

import io.temporal.activity.ActivityInterface;
import io.temporal.activity.ActivityMethod;
import java.util.List;

/**
 * Steps from the object store to bronze.
 *
 * <p>Every failure has the name of a {@link PipelineFailure} as its type, and a message that says
 * what to do.
 */
@ActivityInterface
public interface LakeActivities {

  /**
   * Makes sure that the object store answers, the keys are right and the bucket is there. Changes
   * nothing; fails with {@code UNAVAILABLE}, {@code ACCESS_DENIED} or {@code NOT_FOUND}.
   */
  @ActivityMethod(name = "check_minio_connection")
  LakeCheck check(LakeScope scope);

  /**
   * Registers the objects of the scope that the ledger does not know, and groups all that are still
   * to be loaded into batches, those that an earlier run left included.
   *
   * <p>Repeating it registers nothing twice. With no object to load but days that an earlier run
   * left unfinished, it gives one batch without objects, so that the run goes on and finishes them.
   * With nothing to do at all it skips.
   */
  @ActivityMethod(name = "list_new_objects")
  List<LakeBatch> listNew(LakeListing listing);

  /**
   * Loads the batch's objects into bronze, each in one transaction with its ledger row, so that any
   * number of attempts and runs load it once.
   *
   * <p>A line that is no valid event goes to {@code quarantine.rows}; an object that cannot be read
   * at all goes to {@code quarantine.objects} and nothing of it to bronze. Heartbeats the number of
   * objects done.
   */
  @ActivityMethod(name = "ingest_raw_data")
  IngestResult ingest(LakeBatch batch);
}
