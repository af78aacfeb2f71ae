package io.millrace.workflows.lake;

import io.millrace.workflows.PipelineFailure;
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
   * to be loaded into batches, those that an earlier run left included. Every object is registered,
   * whatever its name: one that is no data by its name ({@code _SUCCESS}, {@code part.json.tmp}) as
   * ignored, which is counted and named in the log, and in the reason of a skip.
   *
   * <p>Repeating it registers nothing twice. With no object to load but days that an earlier run
   * left unfinished, it gives one batch without objects, so that the run goes on and finishes them.
   * With nothing to do at all it skips.
   *
   * <p>With hours, it gives one batch for each of them that has objects, or that had some which are
   * gone from the lake and is to be emptied. It skips if there is no such hour.
   */
  @ActivityMethod(name = "list_new_objects")
  List<LakeBatch> listNew(LakeListing listing);

  /**
   * Loads the batch's objects into bronze, each in one transaction with its ledger row, so that any
   * number of attempts and runs load it once.
   *
   * <p>The content of an object says what it is, not its name: lines, values or an array of JSON,
   * as text or gzip. A record that is no valid event goes to {@code quarantine.rows}; an object
   * that is damaged or cannot be read goes to {@code quarantine.objects} and nothing of it to
   * bronze. Heartbeats the number of objects done.
   *
   * <p>A batch that is an hour replaces, in one transaction, everything that bronze has of it by
   * what the lake has: objects that were loaded before are loaded again, and those that were
   * changed, compacted or deleted since give up their rows. What {@code lake_compaction} deleted by
   * its retention keeps them. Silver and gold follow in later tasks, each in one transaction.
   */
  @ActivityMethod(name = "ingest_raw_data")
  IngestResult ingest(LakeBatch batch);
}
