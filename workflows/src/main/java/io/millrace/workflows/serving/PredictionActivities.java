package io.millrace.workflows.serving;

import io.millrace.workflows.lake.IngestResult;
import io.millrace.workflows.lake.LakeBatch;
import io.millrace.workflows.lake.LakeListing;
import io.temporal.activity.ActivityInterface;
import io.temporal.activity.ActivityMethod;
import java.util.List;

/** Steps from the lake to {@code dwh.predictions}. */
@ActivityInterface
public interface PredictionActivities {

  /**
   * Registers the objects of the scope that the ledger does not know, and groups all that are still
   * to be loaded into batches. Repeating it registers nothing twice; with nothing to load it skips.
   */
  @ActivityMethod(name = "list_new_predictions")
  List<LakeBatch> listNew(LakeListing listing);

  /**
   * Loads the batch's objects, each in one transaction with its ledger row, so that any number of
   * attempts and runs load it once; a prediction that another object brought too is there once.
   *
   * <p>Objects are read as {@link io.millrace.workflows.lake.LakeActivities#ingest} reads them. A
   * record that is no prediction goes to {@code quarantine.rows}; an object that is damaged or
   * cannot be read goes to {@code quarantine.objects}. Heartbeats the number of objects done.
   */
  @ActivityMethod(name = "ingest_predictions")
  IngestResult load(LakeBatch batch);
}
