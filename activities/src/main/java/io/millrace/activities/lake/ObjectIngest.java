package io.millrace.activities.lake;

import static io.millrace.activities.PipelineException.translated;

import io.millrace.activities.warehouse.Warehouse;
import io.millrace.engine.Heartbeats;
import io.millrace.workflows.lake.IngestResult;
import io.millrace.workflows.lake.LakeBatch;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.Optional;
import org.jooq.DSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads objects, each in one transaction with its ledger row: it is loaded if and only if its rows
 * are there, whatever number of attempts and runs there are.
 */
final class ObjectIngest {
  private static final Logger logger = LoggerFactory.getLogger(ObjectIngest.class);

  private final ObjectStore store;
  private final Warehouse warehouse;
  private final Loaders loaders;

  ObjectIngest(ObjectStore store, Warehouse warehouse, Loaders loaders) {
    this.store = store;
    this.warehouse = warehouse;
    this.loaders = loaders;
  }

  /** Makes a loader for one object, inside the transaction that loads it. */
  @FunctionalInterface
  interface Loaders {
    Loader of(DSLContext sql, long objectId);
  }

  /** Loads one object inside its caller's transaction. */
  interface Loader {
    /**
     * Loads all records.
     *
     * @throws UnreadableObjectException if the object is damaged, or nothing of it can be read; the
     *     caller then rolls back
     */
    void load(DSLContext sql, InputStream stored) throws SQLException, UnreadableObjectException;

    /** Marks the object as loaded in the ledger, and counts what was. */
    void settle(DSLContext sql, IngestCount count);
  }

  /** Loads the objects that are still pending; one that cannot be read is rejected. */
  IngestResult ingest(LakeBatch batch) {
    try (Heartbeats heartbeats = Heartbeats.start()) {
      IngestCount count = new IngestCount();
      for (long objectId : batch.objectIds()) {
        heartbeats.progress(count.done());
        translated(() -> ingest(objectId, count));
      }
      IngestResult result = count.result();
      logger.info("Ingested batch={} result={}", batch.name(), result);
      return result;
    }
  }

  private boolean ingest(long objectId, IngestCount count) {
    try {
      return warehouse.relaxedTransaction(
          sql -> {
            Optional<LakeObject> object = ObjectLedger.take(sql, objectId);
            if (object.isEmpty()) {
              count.skip();
              return false;
            }
            return load(sql, objectId, object.get(), count);
          });
    } catch (Rejected e) {
      return warehouse.relaxedTransaction(
          sql -> {
            Optional<LakeObject> object = ObjectLedger.take(sql, objectId);
            object.ifPresentOrElse(
                found -> {
                  ObjectLedger.reject(sql, objectId, e.reason());
                  count.reject(found.key(), e.reason());
                },
                count::skip);
            return true;
          });
    }
  }

  private boolean load(DSLContext sql, long objectId, LakeObject object, IngestCount count)
      throws SQLException {
    Optional<InputStream> content = store.open(object);
    if (content.isEmpty()) {
      ObjectLedger.forget(sql, objectId);
      count.skip();
      return false;
    }
    Loader loader = loaders.of(sql, objectId);
    try (InputStream stream = content.get()) {
      loader.load(sql, stream);
    } catch (UnreadableObjectException e) {
      throw new Rejected(e);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot close " + object.key(), e);
    }
    loader.settle(sql, count);
    return true;
  }

  /** Carries the reason out of the transaction, which is rolled back. */
  private static final class Rejected extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Rejected(UnreadableObjectException cause) {
      super(cause.getMessage(), cause);
    }

    String reason() {
      return String.valueOf(getMessage());
    }
  }
}
