package io.millrace.activities.quality;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;

import io.millrace.core.quality.ColumnExpectation;
import io.millrace.core.quality.ExpectColumnValuesToBeBetween;
import io.millrace.core.quality.ExpectColumnValuesToBeInSet;
import io.millrace.core.quality.ExpectColumnValuesToMatchRegex;
import io.millrace.core.quality.ExpectColumnValuesToNotBeNull;
import org.jooq.Condition;
import org.jooq.Field;

/**
 * The SQL condition of rows that break a rule. A row with null breaks none but the rule against
 * nulls.
 */
final class BrokenRows {
  /** What the rows' table is called. */
  static final String ALIAS = "t";

  private BrokenRows() {}

  /** The column that the rule is about. */
  static Field<Object> column(ColumnExpectation rule) {
    return field(name(ALIAS, rule.column()), Object.class);
  }

  /**
   * The condition.
   *
   * @throws IllegalArgumentException if it takes more than one row to break the rule
   */
  static Condition of(ColumnExpectation rule) {
    Field<Object> column = column(rule);
    if (rule instanceof ExpectColumnValuesToNotBeNull) {
      return column.isNull();
    }
    if (rule instanceof ExpectColumnValuesToBeInSet in) {
      return column.notIn(in.valueSet());
    }
    if (rule instanceof ExpectColumnValuesToBeBetween between) {
      return outside(column.coerce(Double.class), between);
    }
    if (rule instanceof ExpectColumnValuesToMatchRegex regex) {
      return column.coerce(String.class).notLikeRegex(regex.regex());
    }
    throw new IllegalArgumentException("No single row breaks " + rule.type());
  }

  private static Condition outside(Field<Double> column, ExpectColumnValuesToBeBetween rule) {
    // PostgreSQL sorts NaN above every number, so that no minimum excludes it.
    Condition outside = column.eq(Double.NaN);
    Double min = rule.minValue();
    if (min != null) {
      outside = outside.or(rule.strictMin() ? column.le(min) : column.lt(min));
    }
    Double max = rule.maxValue();
    if (max != null) {
      outside = outside.or(rule.strictMax() ? column.ge(max) : column.gt(max));
    }
    return outside;
  }
}
