package io.millrace.core.quality;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was counted in a column for one expectation.
 *
 * @param elementCount rows looked at, those with null included
 * @param missingCount rows in which the column is null
 * @param unexpectedCount rows that break the rule. For {@link ExpectColumnValuesToNotBeNull} these
 *     are the rows with null; for the others rows with null are never among them. For {@link
 *     ExpectColumnValuesToBeUnique} every row of a repeated value counts, not only the second
 * @param unexpectedValues some of the values that break the rule, the first {@value #MAX_VALUES}
 *     are kept
 */
public record ColumnMeasure(
    long elementCount,
    long missingCount,
    long unexpectedCount,
    List<? extends @Nullable Object> unexpectedValues) {

  /** Great Expectations shows as many. */
  public static final int MAX_VALUES = 20;

  /**
   * Copies the values.
   *
   * @throws IllegalArgumentException if a count is negative or larger than the element count
   */
  public ColumnMeasure {
    if (missingCount < 0
        || unexpectedCount < 0
        || missingCount > elementCount
        || unexpectedCount > elementCount) {
      throw new IllegalArgumentException(
          "Of %d elements, %d cannot be missing and %d unexpected"
              .formatted(elementCount, missingCount, unexpectedCount));
    }
    unexpectedValues =
        Collections.unmodifiableList(
            Arrays.asList(unexpectedValues.stream().limit(MAX_VALUES).toArray()));
  }
}
