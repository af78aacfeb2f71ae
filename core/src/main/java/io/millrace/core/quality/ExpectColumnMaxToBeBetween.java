package io.millrace.core.quality;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The newest time of the column is not older than a minimum: freshness.
 *
 * @param minValue the least time that the newest value may have
 */
public record ExpectColumnMaxToBeBetween(String column, Instant minValue)
    implements AggregateExpectation {

  @Override
  public String type() {
    return "expect_column_max_to_be_between";
  }

  @Override
  public Map<String, Object> kwargs() {
    return Kwargs.of("column", column).and("min_value", minValue).toMap();
  }

  /** Checks the newest value of a table; null if the column has none. */
  public ExpectationResult evaluate(String table, @Nullable Instant newest) {
    boolean success = newest == null || !newest.isBefore(minValue);
    String message =
        "%s %s on %s.%s: the newest value is %s, expected at least %s"
            .formatted(type(), success ? "holds" : "failed", table, column, newest, minValue);
    return new ExpectationResult(
        success, this, table, new ExpectationResult.Value(newest), message);
  }
}
