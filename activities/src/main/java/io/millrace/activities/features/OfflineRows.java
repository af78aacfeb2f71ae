package io.millrace.activities.features;

import static io.millrace.activities.warehouse.schema.lake.Tables.SLICES;
import static org.jooq.impl.DSL.noCondition;

import io.millrace.core.features.OnlineKey;
import io.millrace.core.features.OnlineRow;
import io.millrace.core.features.OnlineVersion;
import io.millrace.core.features.PurchaseFeatures;
import io.millrace.workflows.features.FeatureScope;
import java.time.Duration;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jooq.Condition;
import org.jooq.Cursor;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.Record2;
import org.jooq.Result;
import org.jooq.impl.DSL;

/**
 * The newest features of each user and product in the warehouse, as the online store would hold
 * them. Works inside its caller's transaction.
 */
final class OfflineRows {
  /** From so many sessions on, one pass over all of them is cheaper than looking each up. */
  private static final int MANY_SESSIONS = 100_000;

  private static final String NEWEST =
      """
      SELECT DISTINCT ON (f.user_id, f.product_id)
             f.user_id, f.product_id, f.event_timestamp, f.event_id, f.user_session, f.brand, f.price,
             f.event_weekday, f.category_code_level1, f.category_code_level2, f.activity_count
        FROM %s
       ORDER BY f.user_id, f.product_id, f.event_timestamp DESC, f.event_id DESC
      """;
  private static final String ALL = "dwh.vw_event_features f";
  private static final String TOUCHED =
      """
      touched t CROSS JOIN LATERAL
       (SELECT * FROM dwh.vw_event_features v WHERE v.user_session = t.user_session) f\
      """;

  private final DSLContext sql;
  private final FeatureScope scope;
  private final Result<Record2<Long, LocalDate>> slices;

  /** Fixes the slices that are in the scope. */
  OfflineRows(DSLContext sql, FeatureScope scope, Duration recently) {
    this.sql = sql;
    this.scope = scope;
    Condition inScope =
        scope == FeatureScope.RECENT
            ? SLICES.FINISHED_AT.gt(OffsetDateTime.now(ZoneOffset.UTC).minus(recently))
            : scope == FeatureScope.INCREMENTAL ? SLICES.ONLINE_AT.isNull() : noCondition();
    slices =
        sql.select(SLICES.OBJECT_ID, SLICES.EVENT_DATE)
            .from(SLICES)
            .where(SLICES.FINISHED_AT.isNotNull(), inScope)
            .fetch();
  }

  boolean isEmpty() {
    return slices.isEmpty();
  }

  /**
   * Passes the rows on, in batches.
   *
   * <p>In a scope that is not full, a user and product's newest row is that of the touched sessions
   * alone: another session may have a newer one.
   */
  void forEach(int batchRows, Consumer<List<StoredRow>> batches) {
    String from = scope == FeatureScope.FULL || touch() > MANY_SESSIONS ? ALL : TOUCHED;
    List<StoredRow> batch = new ArrayList<>(batchRows);
    try (Cursor<Record> cursor =
        sql.resultQuery(NEWEST.formatted(from)).fetchSize(batchRows).fetchLazy()) {
      for (Record row : cursor) {
        batch.add(row(row));
        if (batch.size() == batchRows) {
          batches.accept(List.copyOf(batch));
          batch.clear();
        }
      }
    }
    if (!batch.isEmpty()) {
      batches.accept(List.copyOf(batch));
    }
  }

  /** Finds the sessions that the slices brought events to. */
  private int touch() {
    // As constants, so that the planner leaves out the partitions of other days.
    String days = slices.stream().map(s -> s.value2().toString()).distinct().collect(commas());
    String objects = slices.stream().map(s -> s.value1().toString()).distinct().collect(commas());
    int sessions =
        sql.execute(
            """
            CREATE TEMP TABLE touched ON COMMIT DROP AS
            SELECT DISTINCT user_session FROM silver.events
             WHERE event_date = ANY ('{%s}'::date[]) AND object_id = ANY ('{%s}'::bigint[])
            """
                .formatted(days, objects));
    sql.execute("ANALYZE touched");
    return sessions;
  }

  private static java.util.stream.Collector<CharSequence, ?, String> commas() {
    return Collectors.joining(",");
  }

  static StoredRow row(Record row) {
    return new StoredRow(
        new OnlineKey(row.get("user_id", Long.class), row.get("product_id", Long.class)).text(),
        features(row).text());
  }

  /** The features of a row of the view. */
  static OnlineRow features(Record row) {
    OnlineVersion version =
        new OnlineVersion(
            row.get("event_timestamp", OffsetDateTime.class).toInstant(),
            OnlineVersion.tag(row.get("event_id", byte[].class)),
            row.get("activity_count", Long.class));
    PurchaseFeatures features =
        new PurchaseFeatures(
            row.get("brand", String.class),
            row.get("price", Double.class),
            row.get("event_weekday", Integer.class),
            row.get("category_code_level1", String.class),
            row.get("category_code_level2", String.class),
            version.activityCount());
    return new OnlineRow(version, row.get("user_session", String.class), features);
  }

  /** Marks the slices as online; how many were not. */
  int settle() {
    return sql.execute(
        """
        UPDATE lake.slices s SET online_at = now()
          FROM unnest({0}, {1}) AS seen (object_id, event_date)
         WHERE s.object_id = seen.object_id AND s.event_date = seen.event_date
           AND s.online_at IS NULL
        """,
        DSL.val(slices.intoArray(SLICES.OBJECT_ID)), DSL.val(slices.intoArray(SLICES.EVENT_DATE)));
  }
}
