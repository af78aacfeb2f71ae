package io.millrace.activities.lake;

import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.val;

import io.millrace.workflows.lake.CompactionParams;
import io.millrace.workflows.lake.CompactionTarget;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jooq.Cursor;
import org.jooq.DSLContext;
import org.jooq.Record;

/** The statements on the ledger about compaction, each inside its caller's transaction. */
final class CompactionPlan {
  /** What a planned object's etag is until its content is known. */
  private static final String PLANNED = "planned";

  private static final long PLANNING = 0x55L << 32;
  private static final int FETCH_ROWS = 5_000;

  private final DSLContext sql;

  CompactionPlan(DSLContext sql) {
    this.sql = sql;
  }

  /** An object that is to become part of another. */
  record Source(long objectId, LakeObject object) {}

  /** Chosen and not finished. */
  List<CompactionTarget> unfinished(String bucket) {
    return sql.fetch(
            """
            SELECT t.object_id, t.object_key FROM lake.objects t
             WHERE t.bucket = {0} AND t.object_id IN (SELECT compacted_into FROM lake.objects
                    WHERE compacted_into IS NOT NULL AND removed_at IS NULL)
             ORDER BY t.object_id
            """,
            val(bucket))
        .map(row -> new CompactionTarget(row.get(0, Long.class), row.get(1, String.class)));
  }

  /** Chooses anew, one planner at a time. */
  List<CompactionTarget> choose(CompactionParams params) {
    sql.execute("SELECT pg_advisory_xact_lock({0})", inline(PLANNING));
    List<CompactionTarget> targets = new ArrayList<>();
    List<Long> group = new ArrayList<>();
    String folder = "";
    long bytes = 0;
    try (Cursor<Record> candidates = candidates(params)) {
      for (Record row : candidates) {
        long size = row.get("size_bytes", Long.class);
        if (!folder.equals(row.get("folder", String.class)) || bytes + size > params.maxBytes()) {
          close(params, folder, group, targets);
          folder = row.get("folder", String.class);
          bytes = 0;
        }
        group.add(row.get("object_id", Long.class));
        bytes += size;
        if (targets.size() == params.maxObjects()) {
          return targets;
        }
      }
    }
    close(params, folder, group, targets);
    return targets;
  }

  /** Loaded objects of quiet folders, in key order: in years there are too many for the memory. */
  private Cursor<Record> candidates(CompactionParams params) {
    return sql.resultQuery(
            """
            WITH loaded AS (
              SELECT object_id, object_key, size_bytes, settled_at,
                     regexp_replace(object_key, '[^/]*$', '') AS folder
                FROM lake.objects
               WHERE state = 'loaded' AND bucket = {0} AND starts_with(object_key, {1})
                 AND in_lines AND compacted_into IS NULL AND removed_at IS NULL
                 AND etag <> 'planned' AND size_bytes <= {2} / 2
            )
            SELECT object_id, size_bytes, folder FROM loaded
             WHERE folder IN (SELECT folder FROM loaded GROUP BY folder
                    HAVING count(*) >= {3}
                       AND max(settled_at) <= now() - {4} * interval '1 minute')
             ORDER BY object_key
            """,
            val(params.bucket()),
            val(params.prefix()),
            val(params.maxBytes()),
            val(params.minObjects()),
            val(params.quietMinutes()))
        .fetchSize(FETCH_ROWS)
        .fetchLazy();
  }

  private void close(
      CompactionParams params, String folder, List<Long> group, List<CompactionTarget> targets) {
    if (group.size() >= params.minObjects()) {
      String key = "%scompacted-%d-%d.json.gz".formatted(folder, group.get(0), group.size());
      Long[] sources = group.toArray(Long[]::new);
      Long target =
          sql.fetchSingle(
                  """
                  INSERT INTO lake.objects (bucket, object_key, etag, size_bytes, state, event_rows,
                         quarantined_rows, settled_at)
                  SELECT {0}, {1}, {2}, 0, 'loaded', sum(event_rows), sum(quarantined_rows), now()
                    FROM lake.objects WHERE object_id = ANY ({3})
                  RETURNING object_id
                  """,
                  val(params.bucket()), val(key), val(PLANNED), val(sources))
              .get(0, Long.class);
      sql.execute(
          "UPDATE lake.objects SET compacted_into = {0} WHERE object_id = ANY ({1})",
          val(target), val(sources));
      targets.add(new CompactionTarget(target, key));
    }
    group.clear();
  }

  /** The new object as the ledger has it; empty if the plan was given up. */
  Optional<LakeObject> target(long objectId) {
    return sql.fetchOptional(
            "SELECT bucket, object_key, etag, size_bytes FROM lake.objects WHERE object_id = {0}",
            val(objectId))
        .map(CompactionPlan::object);
  }

  /** What is still to become part of it, in key order. */
  List<Source> sources(long target) {
    return sql.fetch(
            """
            SELECT bucket, object_key, etag, size_bytes, object_id FROM lake.objects
             WHERE compacted_into = {0} AND removed_at IS NULL ORDER BY object_key, object_id
            """,
            val(target))
        .map(row -> new Source(row.get("object_id", Long.class), object(row)));
  }

  private static LakeObject object(Record row) {
    return new LakeObject(
        row.get("bucket", String.class),
        row.get("object_key", String.class),
        row.get("etag", String.class),
        row.get("size_bytes", Long.class));
  }

  /** Enters the content, before the object can be listed. */
  void know(long target, String etag, long bytes) {
    sql.execute(
        "UPDATE lake.objects SET etag = {1}, size_bytes = {2} WHERE object_id = {0}",
        val(target), val(etag), val(bytes));
  }

  void removed(Source source) {
    sql.execute(
        "UPDATE lake.objects SET removed_at = now() WHERE object_id = {0}", val(source.objectId()));
  }

  /** Gives the plan up, and chooses one of its objects no more. */
  void leaveOut(long target, Source source) {
    sql.execute(
        "UPDATE lake.objects SET in_lines = false WHERE object_id = {0}", val(source.objectId()));
    giveUp(target);
  }

  /** Leaves everything as it was before the plan. */
  void giveUp(long target) {
    sql.execute(
        "UPDATE lake.objects SET compacted_into = NULL WHERE compacted_into = {0}", val(target));
    sql.execute("DELETE FROM lake.objects WHERE object_id = {0}", val(target));
  }
}
