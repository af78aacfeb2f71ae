package io.millrace.activities.quality;

import static java.util.Objects.requireNonNull;
import static org.jooq.impl.DSL.count;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.sum;
import static org.jooq.impl.DSL.table;

import io.millrace.core.quality.ColumnExpectation;
import io.millrace.core.quality.ColumnMeasure;
import io.millrace.core.quality.ExpectColumnValuesToBeUnique;
import io.millrace.core.quality.ExpectColumnValuesToExistInTable;
import io.millrace.core.quality.Expectation;
import io.millrace.core.quality.ExpectationResult;
import io.millrace.core.quality.SuiteResult;
import io.millrace.core.quality.TableExpectation;
import java.util.ArrayList;
import java.util.List;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Select;
import org.jooq.SelectField;
import org.jooq.Table;

/**
 * The rows of a table that a suite is about, and how expectations are measured on them: all simple
 * ones in one pass, uniqueness and references in one statement each, and examples only of what is
 * broken.
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
        long unexpected = isSimple(rule) ? number(counts, next + 1) : countAlone(rule);
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
        counts.add(isSimple(rule) ? count().filterWhere(BrokenRows.of(rule)) : inline(0));
      }
    }
    return sql.select(counts).from(rows()).where(scope).fetchSingle();
  }

  private Table<?> rows() {
    return table(name(table.split("\\."))).as(BrokenRows.ALIAS);
  }

  private static boolean isSimple(ColumnExpectation rule) {
    return !(rule instanceof ExpectColumnValuesToBeUnique
        || rule instanceof ExpectColumnValuesToExistInTable);
  }

  private long countAlone(ColumnExpectation rule) {
    if (rule instanceof ExpectColumnValuesToBeUnique) {
      Field<Long> rows = field(name("r", "n"), Long.class);
      Number found = sql.select(sum(rows)).from(repeated(rule).asTable("r")).fetchSingle().value1();
      return found == null ? 0 : found.longValue();
    }
    return sql.selectCount()
        .from(rows())
        .where(scope)
        .and(BrokenRows.of(rule))
        .fetchSingle()
        .value1();
  }

  private Select<?> repeated(ColumnExpectation rule) {
    Field<Object> column = BrokenRows.column(rule);
    return sql.select(column.as("v"), count().as("n"))
        .from(rows())
        .where(scope)
        .and(column.isNotNull())
        .groupBy(column)
        .having(count().gt(1));
  }

  private List<String> examples(ColumnExpectation rule) {
    Select<?> query =
        rule instanceof ExpectColumnValuesToBeUnique
            ? sql.select(field(name("r", "v"), Object.class).cast(String.class))
                .from(repeated(rule).asTable("r"))
                .limit(ColumnMeasure.MAX_VALUES)
            : sql.select(BrokenRows.column(rule).cast(String.class))
                .from(rows())
                .where(scope)
                .and(BrokenRows.of(rule))
                .limit(ColumnMeasure.MAX_VALUES);
    return query.fetch(0, String.class).stream().map(String::valueOf).toList();
  }

  private static long number(Record counts, int index) {
    return ((Number) requireNonNull(counts.get(index))).longValue();
  }
}
