package io.millrace.activities.quality;

import io.millrace.activities.warehouse.ObjectIds;
import io.millrace.core.quality.ColumnMeasure;
import io.millrace.core.quality.ExpectColumnProportionOfUniqueValuesToBeBetween;
import io.millrace.core.quality.ExpectColumnValuesToExistInTable;
import io.millrace.core.quality.ExpectationResult;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.Result;

/**
 * Whether bronze, silver and facts hold the same events on some days, each of them once, whichever
 * runs loaded them.
 *
 * <p>What another run is working on is left out: slices that it has not finished, and events that
 * it replaces. All statements of a reconciliation must see one snapshot of the database.
 *
 * <p>A day is compared by the number of its events and the exclusive or of the first 64 bits of
 * their identities, in one pass over each table. Only days that differ are joined, to name events.
 */
final class Reconciliation {
  private static final String BRONZE = "bronze.events";
  private static final String SILVER = "silver.events";
  private static final String FACTS = "dwh.fact_events";

  private static final String COUNTS =
      """
      WITH bronze AS (
        SELECT event_date, count(*) AS events, sum(n) AS lines,
               bit_xor(substring(event_id FROM 1 FOR 8)::bigint) AS ids
          FROM (SELECT (b.event_time AT TIME ZONE 'UTC')::date AS event_date, event_id, count(*) AS n
                  FROM bronze.events b WHERE %2$s GROUP BY 1, 2) e
         GROUP BY event_date
      ), silver AS (
        SELECT event_date, count(*) AS events,
               bit_xor(substring(event_id FROM 1 FOR 8)::bigint) AS ids
          FROM silver.events WHERE event_date IN (%1$s) GROUP BY event_date
      ), facts AS (
        SELECT event_date, count(*) AS events,
               bit_xor(substring(event_id FROM 1 FOR 8)::bigint) AS ids
          FROM dwh.fact_events WHERE event_date IN (%1$s) GROUP BY event_date
      )
      SELECT event_date,
             coalesce(bronze.lines, 0) AS lines,
             coalesce(bronze.events, 0) AS bronze_events,
             coalesce(silver.events, 0) AS silver_events,
             coalesce(facts.events, 0) AS fact_events,
             coalesce(bronze.events, 0) = coalesce(silver.events, 0)
               AND bronze.ids IS NOT DISTINCT FROM silver.ids AS silver_equal,
             coalesce(silver.events, 0) = coalesce(facts.events, 0)
               AND silver.ids IS NOT DISTINCT FROM facts.ids AS facts_equal
        FROM unnest(ARRAY[%1$s]) AS days (event_date)
        LEFT JOIN bronze USING (event_date)
        LEFT JOIN silver USING (event_date)
        LEFT JOIN facts USING (event_date)
      """;

  private static final String NOT_IN_PROGRESS =
      """
      NOT EXISTS (SELECT 1 FROM lake.slices l
                   WHERE l.object_id = s.object_id AND l.event_date = s.event_date AND l.%s IS NULL)
      """;

  private static final String NOT_REPLACED =
      """
      NOT EXISTS (SELECT 1 FROM silver.replaced_events r
                   WHERE r.event_date = s.event_date AND r.event_id = s.event_id)
      """;

  private final DSLContext sql;
  private final List<LocalDate> days;
  private final Long[] objects;
  private final Result<Record> counts;

  /** Counts the events of some days, at least one. */
  Reconciliation(DSLContext sql, List<LocalDate> days) {
    this.sql = sql;
    this.days = days;
    this.objects =
        sql.fetch(
                "SELECT DISTINCT object_id FROM lake.slices WHERE event_date IN (%s) AND event_rows > 0 AND transformed_at IS NOT NULL"
                    .formatted(dates(days)))
            .intoArray(0, Long.class);
    this.counts = sql.fetch(COUNTS.formatted(dates(days), bronze(days)));
  }

  /** Bronze and silver, silver and facts, each in both directions; and how much is repeated. */
  List<ExpectationResult> results(double maxDuplicateShare) {
    List<ExpectationResult> results = new ArrayList<>();
    List<LocalDate> silver = differing("silver_equal");
    results.add(exists(BRONZE, SILVER, sum("bronze_events"), silver, bronzeNotInSilver(silver)));
    results.add(exists(SILVER, BRONZE, sum("silver_events"), silver, silverNotInBronze(silver)));
    List<LocalDate> facts = differing("facts_equal");
    results.add(exists(SILVER, FACTS, sum("silver_events"), facts, silverNotInFacts(facts)));
    results.add(exists(FACTS, SILVER, sum("fact_events"), facts, factsNotInSilver(facts)));
    results.add(sessions());
    if (sum("lines") > 0) {
      results.add(
          new ExpectColumnProportionOfUniqueValuesToBeBetween("event_id", 1 - maxDuplicateShare, 1)
              .evaluate(BRONZE, sum("lines"), sum("bronze_events")));
    }
    return results;
  }

  /** Facts that carry another number of events than their session has. */
  private ExpectationResult sessions() {
    String wrong =
        """
        SELECT s.user_session AS id FROM dwh.fact_events s
        WHERE s.event_date IN (%s)
          AND NOT EXISTS (SELECT 1 FROM silver.sessions o
                           WHERE o.user_session = s.user_session
                             AND o.event_count = s.events_in_session
                             AND o.session_start < '%s 00:00:00Z' AND o.session_end >= '%s 00:00:00Z')
          AND NOT EXISTS (SELECT 1 FROM silver.grown_sessions g WHERE g.user_session = s.user_session)
        """
            .formatted(dates(days), Collections.max(days).plusDays(1), Collections.min(days));
    return new ExpectColumnValuesToExistInTable(
            "(user_session, events_in_session)", "silver.sessions", "(user_session, event_count)")
        .evaluate(FACTS, measure(sum("fact_events"), wrong));
  }

  /** Counts the rows of a query with one text column, id, and keeps some of them. */
  private ColumnMeasure measure(long rows, String unexpected) {
    Record found =
        sql.fetchSingle("SELECT count(*), (array_agg(id))[1:20] FROM (%s) m".formatted(unexpected));
    long count = found.get(0, Long.class);
    List<String> examples = count == 0 ? List.of() : List.of(found.get(1, String[].class));
    return new ColumnMeasure(Math.max(rows, count), 0, count, examples);
  }

  private ExpectationResult exists(
      String table, String other, long rows, List<LocalDate> differing, String missing) {
    ColumnMeasure measure = new ColumnMeasure(rows, 0, 0, List.of());
    if (!differing.isEmpty()) {
      measure = measure(rows, "SELECT encode(s.event_id, 'hex') AS id " + missing);
    }
    return new ExpectColumnValuesToExistInTable("event_id", other, "event_id")
        .evaluate(table, measure);
  }

  private String bronzeNotInSilver(List<LocalDate> differing) {
    return """
    FROM (SELECT DISTINCT b.event_id, (b.event_time AT TIME ZONE 'UTC')::date AS event_date
            FROM bronze.events b
            JOIN lake.slices l ON l.object_id = b.object_id AND l.transformed_at IS NOT NULL
                 AND l.event_date = (b.event_time AT TIME ZONE 'UTC')::date
           WHERE %s) s
    WHERE NOT EXISTS (SELECT 1 FROM silver.events o
                       WHERE o.event_id = s.event_id AND o.event_date = s.event_date
                         AND o.event_date IN (%s))
    """
        .formatted(bronze(differing), dates(differing));
  }

  private String silverNotInBronze(List<LocalDate> differing) {
    return """
    FROM silver.events s
    WHERE s.event_date IN (%s) AND %s
      AND NOT EXISTS (SELECT 1 FROM bronze.events b WHERE b.event_id = s.event_id AND %s)
    """
        .formatted(
            dates(differing), NOT_IN_PROGRESS.formatted("transformed_at"), bronze(differing));
  }

  private static String silverNotInFacts(List<LocalDate> differing) {
    return """
    FROM silver.events s
    WHERE s.event_date IN (%1$s) AND %2$s AND %3$s
      AND NOT EXISTS (SELECT 1 FROM dwh.fact_events o
                       WHERE o.event_id = s.event_id AND o.event_date = s.event_date
                         AND o.event_date IN (%1$s))
    """
        .formatted(dates(differing), NOT_IN_PROGRESS.formatted("finished_at"), NOT_REPLACED);
  }

  private static String factsNotInSilver(List<LocalDate> differing) {
    return """
    FROM dwh.fact_events s
    WHERE s.event_date IN (%1$s) AND %2$s
      AND NOT EXISTS (SELECT 1 FROM silver.events o
                       WHERE o.event_id = s.event_id AND o.event_date = s.event_date
                         AND o.event_date IN (%1$s))
    """
        .formatted(dates(differing), NOT_REPLACED);
  }

  private List<LocalDate> differing(String equal) {
    return counts.stream()
        .filter(day -> !day.get(equal, Boolean.class))
        .map(day -> day.get("event_date", LocalDate.class))
        .toList();
  }

  private long sum(String column) {
    return counts.stream().mapToLong(day -> day.get(column, Long.class)).sum();
  }

  /** The bronze rows, named b, of some days. */
  private String bronze(List<LocalDate> some) {
    return objects.length == 0 || some.isEmpty()
        ? "false"
        : "%s AND (b.event_time AT TIME ZONE 'UTC')::date IN (%s)"
            .formatted(ObjectIds.condition("b.object_id", objects), dates(some));
  }

  /** Inlined, so that the planner leaves out all other partitions. */
  private static String dates(List<LocalDate> days) {
    return days.stream().map(day -> "DATE '" + day + "'").collect(Collectors.joining(", "));
  }
}
