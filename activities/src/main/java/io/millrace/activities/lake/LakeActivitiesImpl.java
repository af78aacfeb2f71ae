package io.millrace.activities.lake;

import static io.millrace.activities.warehouse.PipelineException.translated;

import io.millrace.activities.warehouse.Warehouse;
import io.millrace.engine.Heartbeats;
import io.millrace.engine.TaskSkipped;
import io.millrace.workflows.lake.IngestResult;
import io.millrace.workflows.lake.LakeActivities;
import io.millrace.workflows.lake.LakeBatch;
import io.millrace.workflows.lake.LakeCheck;
import io.millrace.workflows.lake.LakeListing;
import io.millrace.workflows.lake.LakeScope;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jooq.DSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The lake's activities on a real store and database. */
public final class LakeActivitiesImpl implements LakeActivities {
  private static final Logger logger = LoggerFactory.getLogger(LakeActivitiesImpl.class);
  private static final int REGISTER_PAGE = 1_000;

  private final ObjectStore store;
  private final Warehouse warehouse;

  /** Uses, and does not close, what it is given. */
  public LakeActivitiesImpl(ObjectStore store, Warehouse warehouse) {
    this.store = store;
    this.warehouse = warehouse;
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
    int found = register(listing.scope(), heartbeats);
    List<ObjectLedger.Entry> pending = pending(listing);
    logger.info("Listed lake scope={} new={} pending={}", listing.scope(), found, pending.size());
    if (!pending.isEmpty()) {
      return Batches.of(listing, pending);
    }
    if (warehouse.transaction(ObjectLedger::hasUnfinishedSlices)) {
      return List.of(Batches.unfinished());
    }
    throw TaskSkipped.because("No new objects under " + listing.scope().prefix());
  }

  private int register(LakeScope scope, Heartbeats heartbeats) {
    List<LakeObject> page = new ArrayList<>(REGISTER_PAGE);
    int[] found = {0};
    store.list(
        scope.bucket(),
        scope.prefix(),
        object -> {
          if (object.key().endsWith(".json") || object.key().endsWith(".json.gz")) {
            page.add(object);
          }
          if (page.size() == REGISTER_PAGE) {
            found[0] += registerPage(scope, page, heartbeats);
          }
        });
    return found[0] + registerPage(scope, page, heartbeats);
  }

  private int registerPage(LakeScope scope, List<LakeObject> page, Heartbeats heartbeats) {
    if (page.isEmpty()) {
      return 0;
    }
    heartbeats.progress("listed up to " + page.get(page.size() - 1).key());
    int found = warehouse.transaction(sql -> ObjectLedger.register(sql, scope.bucket(), page));
    page.clear();
    return found;
  }

  private List<ObjectLedger.Entry> pending(LakeListing listing) {
    LakeScope scope = listing.scope();
    return warehouse.transaction(
        sql -> ObjectLedger.pending(sql, scope.bucket(), scope.prefix(), listing.maxObjects()));
  }

  @Override
  public IngestResult ingest(LakeBatch batch) {
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
      // One transaction: the object is loaded if and only if its rows are there.
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
    ObjectLoader loader = new ObjectLoader(sql, objectId);
    try (InputStream stream = content.get()) {
      loader.load(sql, object.key(), stream);
    } catch (UnreadableObjectException e) {
      throw new Rejected(e);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot close " + object.key(), e);
    }
    ObjectLedger.settle(sql, objectId, loader.rowsByDay(), loader.quarantinedRows());
    count.load(loader.rowsByDay(), loader.quarantinedRows());
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
