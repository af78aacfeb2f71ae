package io.millrace.activities.lake;

import static io.millrace.activities.warehouse.schema.lake.Tables.OBJECTS;
import static io.millrace.activities.warehouse.schema.lake.Tables.SLICES;
import static org.jooq.impl.DSL.currentOffsetDateTime;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jooq.DSLContext;
import org.jooq.Row3;
import org.jooq.impl.DSL;

/**
 * The statements on {@code lake.objects} and {@code lake.slices}, each inside its caller's
 * transaction.
 */
final class ObjectLedger {
  private ObjectLedger() {}

  /**
   * Adds the objects that the ledger does not know, as pending; the number of those. One that was
   * withdrawn and is there again counts as unknown once gold has followed its withdrawal.
   */
  static int register(DSLContext sql, String bucket, List<LakeObject> objects) {
    return returned(sql, bucket, objects) + insert(sql, bucket, objects, "pending");
  }

  /** Adds the objects that the ledger does not know, as ones that are no data. */
  static void ignore(DSLContext sql, String bucket, List<LakeObject> objects) {
    insert(sql, bucket, objects, "ignored");
  }

  private static int returned(DSLContext sql, String bucket, List<LakeObject> objects) {
    String[] keys = objects.stream().map(LakeObject::key).toArray(String[]::new);
    String[] etags = objects.stream().map(LakeObject::etag).toArray(String[]::new);
    return sql.execute(
        """
        UPDATE lake.objects o SET state = 'pending', settled_at = NULL, expired_at = NULL
          FROM unnest({1}, {2}) AS n (object_key, etag)
         WHERE o.state = 'withdrawn' AND o.bucket = {0}
           AND o.object_key = n.object_key AND o.etag = n.etag
           AND NOT EXISTS (SELECT 1 FROM lake.slices s WHERE s.object_id = o.object_id)
        """,
        DSL.val(bucket), DSL.val(keys), DSL.val(etags));
  }

  private static int insert(DSLContext sql, String bucket, List<LakeObject> objects, String state) {
    String[] keys = objects.stream().map(LakeObject::key).toArray(String[]::new);
    String[] etags = objects.stream().map(LakeObject::etag).toArray(String[]::new);
    Long[] sizes = objects.stream().map(LakeObject::sizeBytes).toArray(Long[]::new);
    // The anti-join spares the ids that a conflict would burn; the conflict is another run's.
    return sql.execute(
        """
        INSERT INTO lake.objects (bucket, object_key, etag, size_bytes, state, settled_at)
        SELECT {0}, n.object_key, n.etag, n.size_bytes, {4}, CASE WHEN {4} <> 'pending' THEN now() END
          FROM unnest({1}, {2}, {3}) AS n (object_key, etag, size_bytes)
         WHERE NOT EXISTS (SELECT 1 FROM lake.objects o
                            WHERE o.bucket = {0} AND o.object_key = n.object_key AND o.etag = n.etag)
         ORDER BY n.object_key, n.etag
        ON CONFLICT (bucket, object_key, etag) DO NOTHING
        """,
        DSL.val(bucket), DSL.val(keys), DSL.val(etags), DSL.val(sizes), DSL.inline(state));
  }

  /** An object with its id in the ledger. */
  record Entry(long objectId, LakeObject object) {}

  /** The pending objects under a prefix in key order, at most so many. */
  static List<Entry> pending(DSLContext sql, String bucket, String prefix, int limit) {
    return sql.select(OBJECTS.OBJECT_ID, OBJECTS.OBJECT_KEY, OBJECTS.ETAG, OBJECTS.SIZE_BYTES)
        .from(OBJECTS)
        .where(OBJECTS.STATE.eq("pending"), OBJECTS.BUCKET.eq(bucket))
        .and(OBJECTS.OBJECT_KEY.startsWith(prefix))
        .orderBy(OBJECTS.OBJECT_KEY, OBJECTS.OBJECT_ID)
        .limit(limit)
        .fetch(
            row ->
                new Entry(
                    row.value1(),
                    new LakeObject(bucket, row.value2(), row.value3(), row.value4())));
  }

  /** Locks the object for this transaction if it is still pending, waiting for whoever has it. */
  static Optional<LakeObject> take(DSLContext sql, long objectId) {
    return sql.select(OBJECTS.BUCKET, OBJECTS.OBJECT_KEY, OBJECTS.ETAG, OBJECTS.SIZE_BYTES)
        .from(OBJECTS)
        .where(OBJECTS.OBJECT_ID.eq(objectId), OBJECTS.STATE.eq("pending"))
        .forUpdate()
        .fetchOptional(
            row -> new LakeObject(row.value1(), row.value2(), row.value3(), row.value4()));
  }

  /**
   * Marks the object as loaded.
   *
   * @param inLines whether it holds a record a line
   */
  static void settle(
      DSLContext sql, long objectId, long rows, long quarantinedRows, boolean inLines) {
    sql.update(OBJECTS)
        .set(OBJECTS.STATE, "loaded")
        .set(OBJECTS.EVENT_ROWS, rows)
        .set(OBJECTS.QUARANTINED_ROWS, quarantinedRows)
        .set(OBJECTS.IN_LINES, inLines)
        .set(OBJECTS.SETTLED_AT, currentOffsetDateTime())
        .where(OBJECTS.OBJECT_ID.eq(objectId))
        .execute();
  }

  /** Adds an object's events of each day, which are still to go through to gold. */
  static void addSlices(DSLContext sql, long objectId, Map<LocalDate, Long> rowsByDay) {
    List<Row3<Long, LocalDate, Long>> slices =
        rowsByDay.entrySet().stream()
            .map(day -> DSL.row(objectId, day.getKey(), day.getValue()))
            .toList();
    if (!slices.isEmpty()) {
      sql.insertInto(SLICES, SLICES.OBJECT_ID, SLICES.EVENT_DATE, SLICES.EVENT_ROWS)
          .valuesOfRows(slices)
          // One that is loaded again: what becomes of its former rows is marked already.
          .onConflict(SLICES.OBJECT_ID, SLICES.EVENT_DATE)
          .doUpdate()
          .set(SLICES.EVENT_ROWS, DSL.excluded(SLICES.EVENT_ROWS))
          .execute();
    }
  }

  /** Marks the object as rejected and keeps the reason. */
  static void reject(DSLContext sql, long objectId, String reason) {
    sql.update(OBJECTS)
        .set(OBJECTS.STATE, "rejected")
        .set(OBJECTS.SETTLED_AT, currentOffsetDateTime())
        .where(OBJECTS.OBJECT_ID.eq(objectId))
        .execute();
    var quarantine = io.millrace.activities.warehouse.schema.quarantine.Tables.OBJECTS;
    sql.insertInto(quarantine, quarantine.OBJECT_ID, quarantine.REASON)
        .values(objectId, reason)
        .execute();
  }

  /**
   * Marks objects as withdrawn, whose rows were removed because they are not in the lake any more.
   */
  static void withdraw(DSLContext sql, List<Long> objectIds) {
    sql.update(OBJECTS)
        .set(OBJECTS.STATE, "withdrawn")
        .set(OBJECTS.SETTLED_AT, currentOffsetDateTime())
        .where(OBJECTS.OBJECT_ID.in(objectIds))
        .execute();
  }

  /** Removes what was quarantined of objects that are about to be loaded again. */
  static void unquarantine(DSLContext sql, List<Long> objectIds) {
    var objects = io.millrace.activities.warehouse.schema.quarantine.Tables.OBJECTS;
    var rows = io.millrace.activities.warehouse.schema.quarantine.Tables.ROWS;
    sql.deleteFrom(rows).where(rows.OBJECT_ID.in(objectIds)).execute();
    sql.deleteFrom(objects).where(objects.OBJECT_ID.in(objectIds)).execute();
  }

  /** Remembers that retention deletes the object, so that its rows stay. */
  static void expire(DSLContext sql, LakeObject object) {
    sql.update(OBJECTS)
        .set(OBJECTS.EXPIRED_AT, currentOffsetDateTime())
        .where(OBJECTS.BUCKET.eq(object.bucket()), OBJECTS.OBJECT_KEY.eq(object.key()))
        .and(OBJECTS.ETAG.eq(object.etag()))
        .execute();
  }

  /** Forgets a version that is not in the lake any more; a later listing may find it again. */
  static void forget(DSLContext sql, long objectId) {
    sql.deleteFrom(OBJECTS).where(OBJECTS.OBJECT_ID.eq(objectId)).execute();
  }

  /** Whether the object was loaded, rejected or ignored, or is part of another. */
  static boolean isSettled(DSLContext sql, LakeObject object) {
    return sql.fetchExists(
        OBJECTS,
        OBJECTS.BUCKET.eq(object.bucket()),
        OBJECTS.OBJECT_KEY.eq(object.key()),
        OBJECTS.ETAG.eq(object.etag()),
        OBJECTS.STATE.in("loaded", "rejected", "ignored"));
  }

  /** Whether some day has events that are not yet through to gold. */
  static boolean hasUnfinishedSlices(DSLContext sql) {
    return sql.fetchExists(SLICES, SLICES.FINISHED_AT.isNull());
  }
}
