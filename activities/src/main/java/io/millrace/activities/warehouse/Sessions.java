package io.millrace.activities.warehouse;

import org.jooq.DSLContext;

/**
 * Keeps the metrics of sessions right over all runs: the arriving events are added to what the
 * session had, which is exact because silver holds each event once and each slice arrives once.
 */
final class Sessions {
  private final DSLContext sql;

  Sessions(DSLContext sql) {
    this.sql = sql;
  }

  /** Adds the arriving events; the number of sessions that are new or grew. */
  int add(Arrivals arrivals) {
    return sql.fetchOptional(
            """
            WITH added AS (
              SELECT user_session, min(event_timestamp) AS session_start,
                     max(event_timestamp) AS session_end, count(*) AS event_count,
                     sum(price::numeric) AS price_sum, min(price) AS min_price,
                     max(price) AS max_price
                FROM %s
               GROUP BY user_session
            ), merged AS (
              INSERT INTO silver.sessions AS t (user_session, session_start, session_end,
                event_count, price_sum, min_price, max_price)
              SELECT user_session, session_start, session_end, event_count, price_sum, min_price,
                     max_price FROM added
              ON CONFLICT (user_session) DO UPDATE SET
                session_start = least(t.session_start, excluded.session_start),
                session_end = greatest(t.session_end, excluded.session_end),
                event_count = t.event_count + excluded.event_count,
                price_sum = t.price_sum + excluded.price_sum,
                min_price = least(t.min_price, excluded.min_price),
                max_price = greatest(t.max_price, excluded.max_price)
              RETURNING new.user_session, old.user_session IS NOT NULL AS grew
            ), grown AS (
              INSERT INTO silver.grown_sessions SELECT user_session FROM merged WHERE grew
              ON CONFLICT DO NOTHING
            )
            SELECT count(*) FROM merged
            """
                .formatted(arrivals.events()))
        .map(row -> ((Number) row.get(0)).intValue())
        .orElse(0);
  }

  /**
   * Gives the facts of grown sessions their new count; the number of facts. Under the gold lock.
   */
  int recount() {
    int facts =
        sql.execute(
            """
            UPDATE dwh.fact_events f SET events_in_session = s.event_count
              FROM silver.grown_sessions g JOIN silver.sessions s USING (user_session)
             WHERE f.user_session = g.user_session AND f.events_in_session <> s.event_count
            """);
    sql.execute("DELETE FROM silver.grown_sessions");
    return facts;
  }
}
