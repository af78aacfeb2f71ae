package io.millrace.core.quality;

import java.util.Map;

/**
 * The number of distinct values, divided by the number of values, lies between two shares. The
 * share of a column without values is 0.
 *
 * @param minValue least share, 0 to 1
 * @param maxValue largest share, at least the least and at most 1
 */
public record ExpectColumnProportionOfUniqueValuesToBeBetween(
    String column, double minValue, double maxValue) implements AggregateExpectation {

  /**
   * Checks the shares.
   *
   * @throws IllegalArgumentException if they are not as described
   */
  public ExpectColumnProportionOfUniqueValuesToBeBetween {
    if (!(minValue >= 0 && minValue <= maxValue && maxValue <= 1)) {
      throw new IllegalArgumentException(
          "The share of distinct values of %s cannot be between %s and %s"
              .formatted(column, minValue, maxValue));
    }
  }

  @Override
  public String type() {
    return "expect_column_proportion_of_unique_values_to_be_between";
  }

  @Override
  public Map<String, Object> kwargs() {
    return Kwargs.of("column", column)
        .and("min_value", minValue)
        .and("max_value", maxValue)
        .toMap();
  }

  /**
   * Checks a table.
   *
   * @param values the number of values that are not null
   * @param distinct how many different ones are among them
   * @throws IllegalArgumentException if there are more distinct values than values
   */
  public ExpectationResult evaluate(String table, long values, long distinct) {
    if (distinct < 0 || distinct > values) {
      throw new IllegalArgumentException(
          "%s.%s cannot have %d distinct of %d values".formatted(table, column, distinct, values));
    }
    double share = values == 0 ? 0 : (double) distinct / values;
    boolean success = share >= minValue && share <= maxValue;
    String message =
        "%s %s on %s.%s: %d of %d values are distinct (%.4f), expected %s to %s"
            .formatted(
                type(),
                success ? "holds" : "failed",
                table,
                column,
                distinct,
                values,
                share,
                minValue,
                maxValue);
    return new ExpectationResult(success, this, table, new ExpectationResult.Value(share), message);
  }
}
