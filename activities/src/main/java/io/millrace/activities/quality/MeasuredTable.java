package io.millrace.activities.quality;

import static java.util.Objects.requireNonNull;
import static org.jooq.impl.DSL.count;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;

import io.millrace.core.quality.ColumnExpectation;
import io.millrace.core.quality.ColumnMeasure;
import io.millrace.core.quality.Expectation;
import io.millrace.core.quality.ExpectationResult;
import io.millrace.core.quality.SuiteResult;
import io.millrace.core.quality.TableExpectation;
import java.util.ArrayList;
import java.util.List;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.SelectField;
import org.jooq.Table;

/**
 * The rows of a table that a suite is about, and how expectations about single rows are measured on
 * them: all in one pass, and one statement more for examples of each rule that is broken.
 */
final class MeasuredTable {
  private final DSLContext sql;
  private final String table;
  private final Condition scope;

  /**
   * Names the rows.
   *
   * @param table the table with its schema
   * @param scope which of its rows, with columns qualified by {@code t}
   */
  MeasuredTable(DSLContext sql, String table, Condition scope) {
    this.sql = sql;
    this.table = table;
    this.scope = scope;
  }

  SuiteResult evaluate(String suite, List<Expectation> expectations) {
    Record counts = measure(expectations);
    long rows = number(counts, 0);
    List<ExpectationResult> results = new ArrayList<>();
    int next = 1;
    for (Expectation expectation : expectations) {
      if (expectation instanceof TableExpectation rule) {
        results.add(rule.evaluate(table, rows));
      } else if (expectation instanceof ColumnExpectation rule) {
        long unexpected = number(counts, next + 1);
        List<String> examples = unexpected == 0 ? List.of() : examples(rule);
        results.add(
            rule.evaluate(
                table, new ColumnMeasure(rows, number(counts, next), unexpected, examples)));
        next += 2;
      }
    }
    return new SuiteResult(suite, results);
  }

  /** Counts rows, and of each column expectation the nulls and the rows that break it. */
  private Record measure(List<Expectation> expectations) {
    List<SelectField<?>> counts = new ArrayList<>();
    counts.add(count());
    for (Expectation expectation : expectations) {
      if (expectation instanceof ColumnExpectation rule) {
        counts.add(count().filterWhere(BrokenRows.column(rule).isNull()));
        counts.add(count().filterWhere(BrokenRows.of(rule)));
      }
    }
    return sql.select(counts).from(rows()).where(scope).fetchSingle();
  }

  private Table<?> rows() {
    return table(name(table.split("\\."))).as(BrokenRows.ALIAS);
  }

  private List<String> examples(ColumnExpectation rule) {
    return sql
        .select(BrokenRows.column(rule).cast(String.class))
        .from(rows())
        .where(scope)
        .and(BrokenRows.of(rule))
        .limit(ColumnMeasure.MAX_VALUES)
        .fetch(0, String.class)
        .stream()
        .map(String::valueOf)
        .toList();
  }

  private static long number(Record counts, int index) {
    return ((Number) requireNonNull(counts.get(index))).longValue();
  }
}
