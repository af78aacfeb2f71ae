package io.millrace.activities.lake;

import static io.millrace.activities.PipelineException.translated;

import io.millrace.activities.PipelineException;
import io.millrace.activities.lake.HourFolder.Known;
import io.millrace.activities.warehouse.Warehouse;
import io.millrace.engine.Heartbeats;
import io.millrace.workflows.PipelineFailure;
import io.millrace.workflows.lake.IngestResult;
import io.millrace.workflows.lake.LakeHour;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jooq.DSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads an hour of the lake in place of what was loaded of it, in one transaction: a reader sees
 * the hour as it was before or as it is after, and a failure leaves it as it was before.
 */
final class HourIngest {
  private static final Logger logger = LoggerFactory.getLogger(HourIngest.class);

  private final ObjectStore store;
  private final Warehouse warehouse;
  private final ObjectIngest.Loaders loaders;
  private final Rows rows;
  private final NewObjects newObjects;

  /** The table that the objects' lines are in. */
  interface Rows {
    /** Removes the rows of objects; how many there were. */
    long remove(DSLContext sql, List<Long> objectIds);

    /** Makes what was derived from these objects follow, once their new rows are there. */
    void follow(DSLContext sql, List<Long> objectIds, Runnable settling);
  }

  HourIngest(ObjectStore store, Warehouse warehouse, ObjectIngest.Loaders loaders, Rows rows) {
    this.store = store;
    this.warehouse = warehouse;
    this.loaders = loaders;
    this.rows = rows;
    this.newObjects = new NewObjects(store, warehouse);
  }

  IngestResult ingest(LakeHour hour) {
    try (Heartbeats heartbeats = Heartbeats.start()) {
      heartbeats.progress(hour.folder());
      IngestResult result = translated(() -> ingest(hour, heartbeats));
      logger.info("Loaded hour={} result={}", hour, result);
      return result;
    }
  }

  /** An object that cannot be read rolls the hour back, which is then loaded without it. */
  private IngestResult ingest(LakeHour hour, Heartbeats heartbeats) {
    List<LakeObject> listed = newObjects.listHour(hour, heartbeats);
    Map<Long, String> unreadable = new HashMap<>();
    while (true) {
      IngestCount count = new IngestCount();
      try {
        return warehouse.transaction(
            sql ->
                replace(
                    sql, HourFolder.lock(sql, hour, listed), hour, unreadable, count, heartbeats));
      } catch (Unreadable e) {
        unreadable.put(e.objectId, String.valueOf(e.getMessage()));
      }
    }
  }

  private IngestResult replace(
      DSLContext sql,
      HourFolder folder,
      LakeHour hour,
      Map<Long, String> unreadable,
      IngestCount count,
      Heartbeats heartbeats)
      throws SQLException {
    List<Known> current = folder.current();
    if (current.isEmpty() && !hour.removeEmpty()) {
      return count.result();
    }
    List<Long> gone = folder.gone().stream().map(Known::objectId).toList();
    List<Long> all = new ArrayList<>(current.stream().map(Known::objectId).toList());
    all.addAll(folder.absorbed());
    all.addAll(gone);
    count.replace(rows.remove(sql, all));
    ObjectLedger.unquarantine(sql, all);
    List<ObjectIngest.Loader> loaded = new ArrayList<>();
    for (Known object : current) {
      heartbeats.progress(object.object().key());
      if (!unreadable.containsKey(object.objectId())) {
        loaded.add(load(sql, object));
      }
    }
    rows.follow(sql, all, () -> loaded.forEach(loader -> loader.settle(sql, count)));
    ObjectLedger.withdraw(sql, gone);
    for (Known object : current) {
      String reason = unreadable.get(object.objectId());
      if (reason != null) {
        ObjectLedger.reject(sql, object.objectId(), reason);
        count.reject(object.object().key(), reason);
      }
    }
    return count.result();
  }

  private ObjectIngest.Loader load(DSLContext sql, Known object) throws SQLException {
    Optional<InputStream> content = store.open(object.object());
    if (content.isEmpty()) {
      throw new PipelineException(
          PipelineFailure.UNAVAILABLE,
          "%s was changed or deleted while its hour was loaded; the next attempt loads what is there"
              .formatted(object.object().key()));
    }
    ObjectIngest.Loader loader = loaders.of(sql, object.objectId());
    try (InputStream stream = content.get()) {
      loader.load(sql, stream);
    } catch (UnreadableObjectException e) {
      throw new Unreadable(object.objectId(), e);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot close " + object.object().key(), e);
    }
    return loader;
  }

  /** Carries the object out of the transaction, which is rolled back. */
  private static final class Unreadable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final long objectId;

    Unreadable(long objectId, UnreadableObjectException cause) {
      super(cause.getMessage(), cause);
      this.objectId = objectId;
    }
  }
}
