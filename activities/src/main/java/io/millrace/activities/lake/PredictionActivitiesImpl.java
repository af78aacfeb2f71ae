package io.millrace.activities.lake;

import static io.millrace.activities.PipelineException.translated;

import io.millrace.activities.warehouse.Warehouse;
import io.millrace.engine.Heartbeats;
import io.millrace.engine.TaskSkipped;
import io.millrace.workflows.lake.IngestResult;
import io.millrace.workflows.lake.LakeBatch;
import io.millrace.workflows.lake.LakeListing;
import io.millrace.workflows.serving.PredictionActivities;
import java.util.List;

/** The prediction log's activities on a real store and database. */
public final class PredictionActivitiesImpl implements PredictionActivities {
  private final NewObjects newObjects;
  private final ObjectIngest ingest;
  private final HourIngest hours;

  /** Uses, and does not close, what it is given. */
  public PredictionActivitiesImpl(ObjectStore store, Warehouse warehouse) {
    this.newObjects = new NewObjects(store, warehouse);
    this.ingest = new ObjectIngest(store, warehouse, PredictionLoader::new);
    this.hours = new HourIngest(store, warehouse, PredictionLoader::new, new PredictionRows());
  }

  @Override
  public List<LakeBatch> listNew(LakeListing listing) {
    try (Heartbeats heartbeats = Heartbeats.start()) {
      NewObjects.Found found = translated(() -> newObjects.list(listing, heartbeats));
      if (found.batches().isEmpty()) {
        throw TaskSkipped.because(found.nothing());
      }
      return found.batches();
    }
  }

  @Override
  public IngestResult load(LakeBatch batch) {
    return batch.hour() == null ? ingest.ingest(batch) : hours.ingest(batch.hour());
  }
}
