package io.millrace.activities.quality;

import io.millrace.core.quality.ExpectColumnKlDivergenceToBeLessThan;
import io.millrace.core.quality.ExpectationResult;
import io.millrace.workflows.quality.QualityThresholds;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.Result;
import org.jooq.impl.DSL;

/**
 * How the values of bronze rows are distributed, compared with the newest results of the same suite
 * that passed: with all of them together, or with the last one if that is closer. So a shift fails
 * until one run has accepted it by a larger threshold, and the runs after that pass.
 *
 * @param byColumn the number of rows by value of each column
 */
record Distributions(Map<String, Map<String, Long>> byColumn) {
  /** Weight of all values that no recent run had. */
  private static final double TAIL_WEIGHT = 0.001;

  private static final List<String> PRICES =
      List.of(
          "below 5",
          "5 to 10",
          "10 to 25",
          "25 to 50",
          "50 to 100",
          "100 to 250",
          "250 to 500",
          "500 to 1000",
          "1000 to 2500",
          "2500 or more");

  private static final String MEASURE =
      """
      SELECT t.event_type,
             width_bucket(t.price, ARRAY[5, 10, 25, 50, 100, 250, 500, 1000, 2500]::float8[])
               AS price,
             t.brand IS NULL AS brand,
             t.category_code IS NULL AS category_code,
             count(*) AS value_rows
        FROM bronze.events t
       WHERE {0}
       GROUP BY 1, 2, 3, 4
      """;

  private static final String RECENT =
      """
      WITH recent AS (
        SELECT r.result_id, sum(d.value_rows) AS rows
          FROM quality.results r
          JOIN quality.distributions d ON d.result_id = r.result_id AND d.column_name = 'event_type'
         WHERE r.suite = {0} AND r.success
         GROUP BY r.result_id
        HAVING sum(d.value_rows) >= {1}
         ORDER BY r.result_id DESC
         LIMIT {2}
      )
      SELECT d.column_name, d.value, sum(d.value_rows) AS all_rows,
             sum(d.value_rows) FILTER (WHERE result_id = (SELECT max(result_id) FROM recent)) AS last_rows
        FROM recent JOIN quality.distributions d USING (result_id)
       WHERE (SELECT count(*) FROM recent) >= {3}
       GROUP BY d.column_name, d.value
       ORDER BY d.column_name, d.value
      """;

  /** Counts the bronze rows of a scope. */
  static Distributions measure(DSLContext sql, Condition scope) {
    Map<String, Map<String, Long>> byColumn = new TreeMap<>();
    // Nothing may be known yet about the rows; hashing them into few groups always pays.
    sql.execute("SET LOCAL enable_sort = off");
    Result<Record> groups = sql.fetch(MEASURE, scope);
    sql.execute("SET LOCAL enable_sort = on");
    for (Record group : groups) {
      long rows = group.get("value_rows", Long.class);
      Map.of(
              "event_type", group.get("event_type", String.class),
              "price", PRICES.get(group.get("price", Integer.class)),
              "brand", given(group.get("brand", Boolean.class)),
              "category_code", given(group.get("category_code", Boolean.class)))
          .forEach(
              (column, value) ->
                  byColumn
                      .computeIfAbsent(column, name -> new TreeMap<>())
                      .merge(value, rows, Long::sum));
    }
    return new Distributions(byColumn);
  }

  private static String given(boolean isNull) {
    return isNull ? "null" : "given";
  }

  long rows() {
    return byColumn.getOrDefault("event_type", Map.of()).values().stream()
        .mapToLong(Long::longValue)
        .sum();
  }

  /**
   * One result for each column; none if there are too few rows or too few recent results, or if the
   * thresholds ask for none.
   */
  List<ExpectationResult> compare(DSLContext sql, String suite, QualityThresholds thresholds) {
    if (thresholds.maxDivergence() == 0 || rows() < thresholds.minSampleRows()) {
      return List.of();
    }
    Result<Record> recent =
        sql.fetch(
            RECENT,
            DSL.val(suite),
            DSL.val(thresholds.minSampleRows()),
            DSL.val(thresholds.recentRuns()),
            DSL.val(QualityThresholds.MIN_RECENT_RUNS));
    List<ExpectationResult> results = new ArrayList<>();
    if (!recent.isEmpty()) {
      byColumn.forEach((column, rows) -> results.add(closer(recent, column, rows, thresholds)));
    }
    return results;
  }

  private static ExpectationResult closer(
      Result<Record> recent, String column, Map<String, Long> rows, QualityThresholds thresholds) {
    ExpectationResult last = compare(recent, "last_rows", column, rows, thresholds);
    return last.success() ? last : compare(recent, "all_rows", column, rows, thresholds);
  }

  private static ExpectationResult compare(
      Result<Record> recent,
      String weights,
      String column,
      Map<String, Long> rows,
      QualityThresholds thresholds) {
    Map<String, Double> expected = new LinkedHashMap<>();
    for (Record value : recent) {
      Double weight = value.get(weights, Double.class);
      if (weight != null && column.equals(value.get("column_name"))) {
        expected.put(value.get("value", String.class), weight);
      }
    }
    return new ExpectColumnKlDivergenceToBeLessThan(
            column, expected, thresholds.maxDivergence(), TAIL_WEIGHT)
        .evaluate("bronze.events", rows);
  }

  /** Keeps the distributions with a result of the suite. */
  void store(DSLContext sql, long resultId) {
    byColumn.forEach(
        (column, values) ->
            values.forEach(
                (value, rows) ->
                    sql.execute(
                        "INSERT INTO quality.distributions (result_id, column_name, value,"
                            + " value_rows) VALUES ({0}, {1}, {2}, {3})",
                        DSL.val(resultId), DSL.val(column), DSL.val(value), DSL.val(rows))));
  }
}
