package io.millrace.activities.lake;

import static io.millrace.activities.warehouse.schema.lake.Tables.OBJECTS;

import io.millrace.workflows.lake.LakeHour;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/**
 * What the ledger knows of the objects of one hour, locked, beside those that the lake has.
 *
 * <p>The rule: after the hour was loaded again, the warehouse has the rows of exactly those objects
 * that the lake has, and of those that retention deleted.
 */
final class HourFolder {
  private final Map<Long, Known> known = new HashMap<>();
  private final Set<Long> present = new HashSet<>();

  /**
   * One version of an object.
   *
   * @param objectId its id in the ledger
   * @param object the version
   * @param state of the ledger
   * @param into the object that its lines are in as well, or null
   * @param removed whether compaction has deleted it
   * @param expired whether retention has deleted it
   */
  record Known(
      long objectId,
      LakeObject object,
      String state,
      @Nullable Long into,
      boolean removed,
      boolean expired) {}

  private HourFolder() {}

  /** Locks the objects of the hour, and compares them with a listing of the lake. */
  static HourFolder lock(DSLContext sql, LakeHour hour, List<LakeObject> listed) {
    return read(sql, hour, listed, true);
  }

  /** The same without a lock, only to see. */
  static HourFolder look(DSLContext sql, LakeHour hour, List<LakeObject> listed) {
    return read(sql, hour, listed, false);
  }

  private static HourFolder read(
      DSLContext sql, LakeHour hour, List<LakeObject> listed, boolean lock) {
    HourFolder folder = new HourFolder();
    var query =
        sql.select(
                OBJECTS.OBJECT_ID,
                OBJECTS.OBJECT_KEY,
                OBJECTS.ETAG,
                OBJECTS.SIZE_BYTES,
                OBJECTS.STATE,
                OBJECTS.COMPACTED_INTO,
                OBJECTS.REMOVED_AT.isNotNull(),
                OBJECTS.EXPIRED_AT.isNotNull())
            .from(OBJECTS)
            .where(OBJECTS.BUCKET.eq(hour.bucket()))
            .and(OBJECTS.OBJECT_KEY.startsWith(hour.folder()))
            .orderBy(OBJECTS.OBJECT_ID);
    Set<String> versions = new HashSet<>();
    listed.forEach(object -> versions.add(version(object)));
    for (var row : lock ? query.forUpdate().fetch() : query.fetch()) {
      LakeObject object = new LakeObject(hour.bucket(), row.value2(), row.value3(), row.value4());
      folder.known.put(
          row.value1(),
          new Known(row.value1(), object, row.value5(), row.value6(), row.value7(), row.value8()));
      if (versions.contains(version(object))) {
        folder.present.add(row.value1());
      }
    }
    return folder;
  }

  private static String version(LakeObject object) {
    return object.key() + '\n' + object.etag();
  }

  /** Objects to load: those in the lake whose lines are in no other one that is there. */
  List<Known> current() {
    return known.values().stream()
        .filter(object -> present.contains(object.objectId()) && !isInside(object, present))
        .filter(object -> !object.state().equals("ignored"))
        .sorted((a, b) -> Long.compare(a.objectId(), b.objectId()))
        .toList();
  }

  /** Objects whose rows the current ones bring again, because they hold their lines. */
  List<Long> absorbed() {
    return known.values().stream()
        .filter(object -> isInside(object, present))
        .map(Known::objectId)
        .sorted()
        .toList();
  }

  /**
   * Objects that were loaded and are not in the lake any more, nor are their lines, although
   * neither compaction nor retention deleted them.
   */
  List<Known> gone() {
    Set<Long> inProgress = new HashSet<>();
    for (Known object : known.values()) {
      if (object.into() != null && !object.removed()) {
        inProgress.add(object.into());
      }
    }
    return known.values().stream()
        .filter(object -> object.state().equals("loaded"))
        .filter(object -> !present.contains(object.objectId()) && !isInside(object, present))
        .filter(object -> !inProgress.contains(object.objectId()) && !isExpired(object))
        .sorted((a, b) -> Long.compare(a.objectId(), b.objectId()))
        .toList();
  }

  private boolean isExpired(Known object) {
    for (Known at = object; at != null; at = next(at)) {
      if (at.expired()) {
        return true;
      }
    }
    return false;
  }

  private boolean isInside(Known object, Set<Long> ids) {
    for (Known at = next(object); at != null; at = next(at)) {
      if (ids.contains(at.objectId())) {
        return true;
      }
    }
    return false;
  }

  private @Nullable Known next(Known object) {
    return object.into() == null ? null : known.get(object.into());
  }
}
