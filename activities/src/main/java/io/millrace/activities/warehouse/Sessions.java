package io.millrace.activities.warehouse;

import org.jooq.DSLContext;
import org.jooq.Record;

/**
 * Keeps the metrics of sessions right over all runs: the arriving events are added to what the
 * session had, which is exact because silver holds each event once and each slice arrives once.
 */
final class Sessions {
  private final DSLContext sql;

  Sessions(DSLContext sql) {
    this.sql = sql;
  }

  /**
   * Adds the arriving events; the number of sessions that are new or grew. Under the gold lock, so
   * that nobody else writes sessions.
   */
  int add(Slices arrivals) {
    sql.execute(
        """
        CREATE TEMP TABLE added ON COMMIT DROP AS
        SELECT user_session, min(event_timestamp) AS session_start,
               max(event_timestamp) AS session_end, count(*) AS event_count,
               sum((price * 1000000)::bigint) / 1000000 AS price_sum,
               min(price) AS min_price, max(price) AS max_price
          FROM %s
         GROUP BY user_session
        """
            .formatted(arrivals.events(sql)));
    sql.execute("ANALYZE added (user_session)");
    int grown =
        sql.execute(
            """
            WITH grown AS (
              UPDATE silver.sessions t SET
                session_start = least(t.session_start, a.session_start),
                session_end = greatest(t.session_end, a.session_end),
                event_count = t.event_count + a.event_count,
                price_sum = t.price_sum + a.price_sum,
                min_price = least(t.min_price, a.min_price),
                max_price = greatest(t.max_price, a.max_price)
                FROM added a WHERE t.user_session = a.user_session
              RETURNING t.user_session
            ), marked AS (
              INSERT INTO silver.grown_sessions SELECT user_session FROM grown
              ON CONFLICT DO NOTHING
            )
            DELETE FROM added a USING grown g WHERE a.user_session = g.user_session
            """);
    // In key order, so that the index grows at its end.
    int fresh =
        sql.execute(
            """
            INSERT INTO silver.sessions (user_session, session_start, session_end, event_count,
              price_sum, min_price, max_price)
            SELECT user_session, session_start, session_end, event_count, price_sum, min_price,
                   max_price FROM added ORDER BY user_session
            """);
    return grown + fresh;
  }

  /**
   * Gives the facts of grown sessions their new count; the number of facts. Under the gold lock,
   * when all facts are attached.
   */
  int recount() {
    int facts =
        recount(
            sql,
            "silver.grown_sessions",
            span(sql, "silver.grown_sessions JOIN silver.sessions USING (user_session)"));
    sql.execute("DELETE FROM silver.grown_sessions");
    return facts;
  }

  /**
   * The condition that a fact, named f, lies in the days from the first to the last event of some
   * sessions, as constants, so that the planner leaves out all other partitions.
   *
   * @param sessions a FROM item with session_start and session_end
   */
  static String span(DSLContext sql, String sessions) {
    Record span =
        sql.fetchSingle(
            """
            SELECT coalesce(min(session_start AT TIME ZONE 'UTC')::date, '-infinity')::text,
                   coalesce(max(session_end AT TIME ZONE 'UTC')::date, '-infinity')::text
              FROM %s
            """
                .formatted(sessions));
    return "f.event_date BETWEEN '%s' AND '%s'"
        .formatted(span.get(0, String.class), span.get(1, String.class));
  }

  /** Gives the facts of the sessions in a table, within a span, the count of their session. */
  static int recount(DSLContext sql, String table, String span) {
    return sql.execute(
        """
        UPDATE dwh.fact_events f SET events_in_session = s.event_count
          FROM %s g JOIN silver.sessions s USING (user_session)
         WHERE f.user_session = g.user_session AND f.events_in_session <> s.event_count AND %s
        """
            .formatted(table, span));
  }
}
