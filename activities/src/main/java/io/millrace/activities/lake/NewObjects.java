package io.millrace.activities.lake;

import io.millrace.activities.warehouse.Warehouse;
import io.millrace.engine.Heartbeats;
import io.millrace.engine.TaskSkipped;
import io.millrace.workflows.lake.LakeBatch;
import io.millrace.workflows.lake.LakeHour;
import io.millrace.workflows.lake.LakeHours;
import io.millrace.workflows.lake.LakeListing;
import io.millrace.workflows.lake.LakeScope;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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

  /**
   * What there is to load.
   *
   * @param batches none if there is nothing
   * @param nothing why there is nothing, if so
   */
  record Found(List<LakeBatch> batches, String nothing) {}

  /**
   * Registers what is new and groups all that is pending, or the hours of the listing.
   *
   * @throws io.temporal.failure.ApplicationFailure a skip, if no hour has anything to load
   */
  Found list(LakeListing listing, Heartbeats heartbeats) {
    LakeHours hours = listing.hours();
    if (hours != null) {
      return new Found(hours(listing, hours, heartbeats), "");
    }
    NoData noData = new NoData();
    int found = register(listing.scope(), noData, heartbeats);
    List<ObjectLedger.Entry> pending = pending(listing);
    logger.info(
        "Listed lake scope={} new={} pending={}{}",
        listing.scope(),
        found,
        pending.size(),
        after("; ", noData));
    return new Found(
        pending.isEmpty() ? List.of() : Batches.of(listing, pending),
        nothing(listing) + after("; ", noData));
  }

  private List<LakeBatch> hours(LakeListing listing, LakeHours hours, Heartbeats heartbeats) {
    boolean removeEmpty = Boolean.TRUE.equals(listing.removeEmpty());
    List<LakeBatch> batches = new ArrayList<>();
    NoData noData = new NoData();
    int gone = 0;
    for (String folder : hours.folders(listing.scope().prefix())) {
      LakeHour hour = new LakeHour(listing.scope().bucket(), folder, removeEmpty);
      List<LakeObject> listed = listHour(hour, noData, heartbeats);
      HourFolder known = warehouse.transaction(sql -> HourFolder.look(sql, hour, listed));
      if (!known.current().isEmpty() || (removeEmpty && !known.gone().isEmpty())) {
        batches.add(Batches.of(hour, known.current()));
      } else {
        gone += known.gone().size();
      }
    }
    logger.info(
        "Listed lake scope={} hours={} found={}{}",
        listing.scope(),
        hours,
        batches.size(),
        after("; ", noData));
    if (batches.isEmpty()) {
      throw TaskSkipped.because(
          "No objects in %s under %s%s%s"
              .formatted(
                  hours.text(),
                  listing.scope().prefix(),
                  gone == 0 ? "" : kept(gone),
                  after("; ", noData)));
    }
    return List.copyOf(batches);
  }

  private static String after(String separator, NoData noData) {
    return noData.isEmpty() ? "" : separator + noData;
  }

  /** Why a run that takes what is new has nothing to do. */
  private static String nothing(LakeListing listing) {
    Instant before = listing.before();
    return "No new objects under %s%s"
        .formatted(
            listing.scope().prefix(),
            before == null ? "" : " in hours that began before " + before);
  }

  private static String kept(int gone) {
    return "; the rows of %d objects that were loaded and are gone stay (removeEmptyHours removes them)"
        .formatted(gone);
  }

  /** The objects of an hour as the lake has them, each known to the ledger. */
  List<LakeObject> listHour(LakeHour hour, Heartbeats heartbeats) {
    return listHour(hour, new NoData(), heartbeats);
  }

  private List<LakeObject> listHour(LakeHour hour, NoData noData, Heartbeats heartbeats) {
    List<LakeObject> objects = new ArrayList<>();
    store.list(hour.bucket(), hour.folder(), objects::add);
    LakeScope scope = new LakeScope(hour.bucket(), hour.folder());
    for (int from = 0; from < objects.size(); from += REGISTER_PAGE) {
      int to = Math.min(objects.size(), from + REGISTER_PAGE);
      registerPage(scope, objects.subList(from, to), noData, heartbeats);
    }
    return objects;
  }

  private int register(LakeScope scope, NoData noData, Heartbeats heartbeats) {
    List<LakeObject> page = new ArrayList<>(REGISTER_PAGE);
    int[] found = {0};
    store.list(
        scope.bucket(),
        scope.prefix(),
        object -> {
          page.add(object);
          if (page.size() == REGISTER_PAGE) {
            found[0] += registerPage(scope, page, noData, heartbeats);
            page.clear();
          }
        });
    return found[0] + registerPage(scope, page, noData, heartbeats);
  }

  /** Enters all of them into the ledger, as data to load or as none; the number of new ones. */
  private int registerPage(
      LakeScope scope, List<LakeObject> page, NoData noData, Heartbeats heartbeats) {
    if (page.isEmpty()) {
      return 0;
    }
    heartbeats.progress("listed up to " + page.get(page.size() - 1).key());
    List<LakeObject> data = new ArrayList<>();
    List<LakeObject> ignored = new ArrayList<>();
    for (LakeObject object : page) {
      Optional<String> reason = NoData.reason(scope.prefix(), object.key());
      reason.ifPresent(text -> noData.add(object.key(), text));
      (reason.isEmpty() ? data : ignored).add(object);
    }
    return warehouse.transaction(
        sql -> {
          ObjectLedger.ignore(sql, scope.bucket(), ignored);
          return ObjectLedger.register(sql, scope.bucket(), data);
        });
  }

  private List<ObjectLedger.Entry> pending(LakeListing listing) {
    LakeScope scope = listing.scope();
    Instant before = listing.before();
    return warehouse
        .transaction(
            sql -> ObjectLedger.pending(sql, scope.bucket(), scope.prefix(), listing.maxObjects()))
        .stream()
        .filter(
            entry ->
                before == null
                    || Batches.hour(entry.object().key())
                        .map(hour -> hour.isBefore(before))
                        .orElse(true))
        .toList();
  }
}
