package io.millrace.core.quality;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The values of a column are distributed about as expected: the Kullback-Leibler divergence, in
 * nats, of what was observed from what was expected is at most a threshold. For categories; a
 * column of numbers is put into named bins first.
 *
 * <p>As in Great Expectations, the values that were not expected share the weight {@code
 * tailWeightHoldout} among them, by which the expected weights are reduced.
 *
 * @param expected the weight of each expected value; the weights are normalised
 * @param threshold largest divergence
 * @param tailWeightHoldout weight of all values that were not expected, above 0 and below 1
 */
public record ExpectColumnKlDivergenceToBeLessThan(
    String column, Map<String, Double> expected, double threshold, double tailWeightHoldout)
    implements AggregateExpectation {

  /**
   * Checks and copies the distribution.
   *
   * @throws IllegalArgumentException if a weight is not above 0 and finite, if there is none, or if
   *     the threshold or the holdout is out of range
   */
  public ExpectColumnKlDivergenceToBeLessThan {
    if (expected.isEmpty() || !expected.values().stream().allMatch(w -> w > 0 && w < 1e300)) {
      throw new IllegalArgumentException(
          "The weights of %s must be above 0 and finite, but are %s".formatted(column, expected));
    }
    if (!(threshold >= 0) || !(tailWeightHoldout > 0 && tailWeightHoldout < 1)) {
      throw new IllegalArgumentException(
          "The threshold of %s must be at least 0 and the holdout between 0 and 1, but are %s and %s"
              .formatted(column, threshold, tailWeightHoldout));
    }
    double sum = expected.values().stream().mapToDouble(Double::doubleValue).sum();
    Map<String, Double> weights = new LinkedHashMap<>();
    expected.forEach((value, weight) -> weights.put(value, weight / sum));
    expected = Collections.unmodifiableMap(weights);
  }

  @Override
  public String type() {
    return "expect_column_kl_divergence_to_be_less_than";
  }

  @Override
  public Map<String, Object> kwargs() {
    return Kwargs.of("column", column)
        .and("partition_object", partition(expected))
        .and("threshold", threshold)
        .and("tail_weight_holdout", tailWeightHoldout)
        .toMap();
  }

  /** Checks a table, given how many rows have each value; values without rows may be left out. */
  public ExpectationResult evaluate(String table, Map<String, Long> observed) {
    long rows = observed.values().stream().mapToLong(Long::longValue).sum();
    Map<String, Double> against = expectedOf(observed.keySet());
    Map<String, Double> shares = new LinkedHashMap<>();
    for (String value : against.keySet()) {
      shares.put(value, rows == 0 ? 0 : (double) observed.getOrDefault(value, 0L) / rows);
    }
    double divergence = rows == 0 ? 0 : divergence(shares, against);
    boolean success = divergence <= threshold;
    String message =
        "%s %s on %s.%s: divergence %.4f of %d rows from the expected distribution, at most %s%s"
            .formatted(
                type(),
                success ? "holds" : "failed",
                table,
                column,
                divergence,
                rows,
                threshold,
                success ? "" : "; " + largestDifference(shares, against));
    return new ExpectationResult(
        success,
        this,
        table,
        new ExpectationResult.Distribution(rows == 0 ? null : divergence, shares, against),
        message);
  }

  /** The expected weights, with the holdout shared by the values that were not expected. */
  private Map<String, Double> expectedOf(Set<String> observed) {
    List<String> unexpected = observed.stream().filter(v -> !expected.containsKey(v)).toList();
    Map<String, Double> weights = new LinkedHashMap<>();
    double scale = unexpected.isEmpty() ? 1 : 1 - tailWeightHoldout;
    expected.forEach((value, weight) -> weights.put(value, weight * scale));
    unexpected.forEach(value -> weights.put(value, tailWeightHoldout / unexpected.size()));
    return weights;
  }

  private static double divergence(Map<String, Double> shares, Map<String, Double> against) {
    double divergence = 0;
    for (Map.Entry<String, Double> value : shares.entrySet()) {
      double share = value.getValue();
      divergence += share == 0 ? 0 : share * Math.log(share / weight(against, value.getKey()));
    }
    return Math.max(0, divergence);
  }

  private static String largestDifference(Map<String, Double> shares, Map<String, Double> against) {
    Comparator<String> byDifference =
        Comparator.comparingDouble(v -> Math.abs(weight(shares, v) - weight(against, v)));
    // Of equal ones the value that has too many rows.
    String value =
        Collections.max(shares.keySet(), byDifference.thenComparingDouble(v -> weight(shares, v)));
    return "'%s' has %.1f %% of the rows, expected %.1f %%"
        .formatted(value, 100 * weight(shares, value), 100 * weight(against, value));
  }

  private static double weight(Map<String, Double> weights, String value) {
    return requireNonNull(weights.get(value));
  }

  /** A distribution in the shape of Great Expectations' partition object. */
  static Map<String, Object> partition(Map<String, Double> weights) {
    return Kwargs.of("values", weights.keySet()).and("weights", weights.values()).toMap();
  }
}
