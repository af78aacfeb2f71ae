package io.millrace.activities.lake;

import io.millrace.activities.warehouse.Warehouse;
import io.millrace.engine.Heartbeats;
import io.millrace.workflows.lake.LakeBatch;
import io.millrace.workflows.lake.LakeListing;
import io.millrace.workflows.lake.LakeScope;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds what is in the lake and not yet in the ledger, or there and still to be loaded. */
final class NewObjects {
  private static final Logger logger = LoggerFactory.getLogger(NewObjects.class);
  private static final int REGISTER_PAGE = 1_000;

  private final ObjectStore store;
  private final Warehouse warehouse;

  NewObjects(ObjectStore store, Warehouse warehouse) {
    this.store = store;
    this.warehouse = warehouse;
  }

  /** Registers what is new and groups all that is pending; empty if there is nothing. */
  List<LakeBatch> list(LakeListing listing, Heartbeats heartbeats) {
    int found = register(listing.scope(), heartbeats);
    List<ObjectLedger.Entry> pending = pending(listing);
    logger.info("Listed lake scope={} new={} pending={}", listing.scope(), found, pending.size());
    return pending.isEmpty() ? List.of() : Batches.of(listing, pending);
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
}
