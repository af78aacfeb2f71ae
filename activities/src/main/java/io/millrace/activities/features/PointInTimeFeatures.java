package io.millrace.activities.features;

import io.millrace.activities.warehouse.Warehouse;
import io.millrace.core.features.FeatureMoment;
import io.millrace.core.features.OnlineRow;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jooq.Record;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/**
 * Features as they were known at a time, from the warehouse: the same rows that the online store
 * held then, once all events up to that time have been loaded.
 */
public final class PointInTimeFeatures {
  /** How long one look-up may take if nothing else is said. */
  public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(20);

  /**
   * The newest event first, by its index; then its features, which the view alone defines. OFFSET 0
   * has the view computed for that session, and not for all of them to be joined.
   */
  private static final String AS_OF =
      """
      SELECT q.place, f.*
        FROM unnest({0}::bigint[], {1}::bigint[], {2}::timestamptz[])
             WITH ORDINALITY AS q (user_id, product_id, at, place)
       CROSS JOIN LATERAL
             (SELECT e.user_session, e.event_id FROM dwh.fact_events e
               WHERE e.user_id = q.user_id AND e.product_id = q.product_id
                 AND e.event_timestamp <= q.at
                 AND e.event_date <= (q.at AT TIME ZONE 'UTC')::date
               ORDER BY e.event_timestamp DESC, e.event_id DESC LIMIT 1) newest
       CROSS JOIN LATERAL
             (SELECT * FROM dwh.vw_event_features v
               WHERE v.user_session = newest.user_session AND v.event_id = newest.event_id
              OFFSET 0) f
      """;

  private final Warehouse warehouse;
  private final Duration timeout;

  /**
   * Uses, and does not close, the warehouse.
   *
   * @param timeout of the one statement that a look-up is
   */
  public PointInTimeFeatures(Warehouse warehouse, Duration timeout) {
    this.warehouse = warehouse;
    this.timeout = timeout;
  }

  /**
   * The rows of several moments, by one statement.
   *
   * @return in the moments' order; null where nothing was known
   * @throws io.millrace.activities.PipelineException if the warehouse does not answer in time
   */
  public List<@Nullable OnlineRow> find(List<FeatureMoment> moments) {
    Long[] users = moments.stream().map(moment -> moment.key().userId()).toArray(Long[]::new);
    Long[] products = moments.stream().map(moment -> moment.key().productId()).toArray(Long[]::new);
    OffsetDateTime[] times =
        moments.stream().map(PointInTimeFeatures::time).toArray(OffsetDateTime[]::new);
    List<@Nullable OnlineRow> rows = new ArrayList<>(Collections.nCopies(moments.size(), null));
    warehouse.transaction(
        sql -> {
          sql.execute("SET LOCAL statement_timeout = " + timeout.toMillis());
          for (Record row : sql.fetch(AS_OF, DSL.val(users), DSL.val(products), DSL.val(times))) {
            rows.set(row.get("place", Integer.class) - 1, OfflineRows.features(row));
          }
          return rows.size();
        });
    return rows;
  }

  /** Not rounded up, as the driver would: an event of the next microsecond is not known yet. */
  private static OffsetDateTime time(FeatureMoment moment) {
    return moment.at().truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
  }
}
