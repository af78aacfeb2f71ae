package io.millrace.core.quality;

import java.math.BigDecimal;
import java.math.MathContext;

/** Great Expectations' rule for column maps, the same for every column expectation. */
final class ColumnCheck {
  private ColumnCheck() {}

  static ExpectationResult check(
      ColumnExpectation expectation, String table, ColumnMeasure measure) {
    boolean countsNulls = expectation instanceof ExpectColumnValuesToNotBeNull;
    long values =
        countsNulls ? measure.elementCount() : measure.elementCount() - measure.missingCount();
    if (measure.unexpectedCount() > values) {
      throw new IllegalArgumentException(
          "%s on %s.%s: %d unexpected of only %d values"
              .formatted(
                  expectation.type(),
                  table,
                  expectation.column(),
                  measure.unexpectedCount(),
                  values));
    }
    boolean success =
        values == 0
            || (double) (values - measure.unexpectedCount()) / values >= expectation.mostly();
    return new ExpectationResult(
        success,
        expectation,
        table,
        new ExpectationResult.ColumnMap(measure, values, countsNulls),
        message(expectation, table, measure, values, success));
  }

  private static String message(
      ColumnExpectation expectation,
      String table,
      ColumnMeasure measure,
      long values,
      boolean success) {
    double unexpected = values == 0 ? 0 : 100.0 * measure.unexpectedCount() / values;
    String text =
        "%s %s on %s.%s: %d of %d values (%s %%) unexpected, at most %s %% allowed"
            .formatted(
                expectation.type(),
                success ? "holds" : "failed",
                table,
                expectation.column(),
                measure.unexpectedCount(),
                values,
                percent(unexpected),
                percent(100 * (1 - expectation.mostly())));
    return success || measure.unexpectedValues().isEmpty()
        ? text
        : text + "; for example " + measure.unexpectedValues().get(0);
  }

  /** Four significant digits, as few as needed: 0, 12.5, 0.0003. */
  private static String percent(double percent) {
    BigDecimal rounded = new BigDecimal(percent).round(new MathContext(4));
    return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
  }
}
