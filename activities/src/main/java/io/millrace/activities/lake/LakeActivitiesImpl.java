package io.millrace.activities.lake;

import static io.millrace.activities.PipelineException.translated;

import io.millrace.activities.warehouse.Warehouse;
import io.millrace.core.events.EventReader;
import io.millrace.core.events.UnavailableValue;
import io.millrace.engine.Heartbeats;
import io.millrace.engine.TaskSkipped;
import io.millrace.workflows.lake.IngestResult;
import io.millrace.workflows.lake.LakeActivities;
import io.millrace.workflows.lake.LakeBatch;
import io.millrace.workflows.lake.LakeCheck;
import io.millrace.workflows.lake.LakeListing;
import io.millrace.workflows.lake.LakeScope;
import java.time.Clock;
import java.util.List;

/** The lake's activities on a real store and database. */
public final class LakeActivitiesImpl implements LakeActivities {
  private final ObjectStore store;
  private final Warehouse warehouse;
  private final NewObjects newObjects;
  private final Clock clock;
  private final ObjectIngest ingest;
  private final HourIngest hours;

  /**
   * Uses, and does not close, what it is given; with the default window of dates, and for events in
   * which Debezium's own placeholder is no value.
   */
  public LakeActivitiesImpl(ObjectStore store, Warehouse warehouse) {
    this(store, warehouse, UnavailableValue.STANDARD, EventWindow.DEFAULT, Clock.systemUTC());
  }

  /**
   * Uses, and does not close, what it is given.
   *
   * @param unavailable the placeholder that is no value in an event
   * @param window the days of which events are loaded; those of others go into quarantine
   * @param clock which day today is
   */
  public LakeActivitiesImpl(
      ObjectStore store,
      Warehouse warehouse,
      UnavailableValue unavailable,
      EventWindow window,
      Clock clock) {
    ObjectIngest.Loaders loaders =
        (sql, objectId) ->
            new ObjectLoader(
                sql,
                objectId,
                EventReader.ofValidated(unavailable),
                new WarehouseRules(window, clock.instant()));
    this.store = store;
    this.warehouse = warehouse;
    this.newObjects = new NewObjects(store, warehouse);
    this.clock = clock;
    this.ingest = new ObjectIngest(store, warehouse, loaders);
    this.hours = new HourIngest(store, warehouse, loaders, new BronzeRows());
  }

  @Override
  public LakeCheck check(LakeScope scope) {
    return translated(
        () -> {
          store.check(scope.bucket());
          return new LakeCheck(store.endpoint(), scope.bucket());
        });
  }

  @Override
  public List<LakeBatch> listNew(LakeListing listing) {
    try (Heartbeats heartbeats = Heartbeats.start()) {
      return translated(() -> listNew(listing, heartbeats));
    }
  }

  private List<LakeBatch> listNew(LakeListing listing, Heartbeats heartbeats) {
    NewObjects.Found found = newObjects.list(listing, heartbeats);
    if (!found.batches().isEmpty()) {
      return found.batches();
    }
    if (warehouse.transaction(ObjectLedger::hasUnfinishedSlices)) {
      return List.of(Batches.unfinished());
    }
    warehouse.transaction(
        sql -> {
          Staleness.refuse(sql, listing, found.nothing(), clock.instant());
          return listing;
        });
    throw TaskSkipped.because(found.nothing());
  }

  @Override
  public IngestResult ingest(LakeBatch batch) {
    return batch.hour() == null ? ingest.ingest(batch) : hours.ingest(batch.hour());
  }
}
