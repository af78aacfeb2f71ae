package io.millrace.core.quality;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The outcome of a suite of expectations.
 *
 * @param suite name of the suite, for example {@code gold_layer_suite}
 * @param results one result for each expectation, in the order in which they were judged
 */
public record SuiteResult(String suite, List<ExpectationResult> results) {

  /** Copies the results. */
  public SuiteResult {
    results = List.copyOf(results);
  }

  /** Whether every expectation holds. A suite without expectations holds. */
  public boolean success() {
    return results.stream().allMatch(ExpectationResult::success);
  }

  /** The results of the expectations that failed. */
  public List<ExpectationResult> failures() {
    return results.stream().filter(result -> !result.success()).toList();
  }

  /** One line: the suite, how many of its expectations hold, and each failure's message. */
  public String summary() {
    List<ExpectationResult> failures = failures();
    String counts =
        "%s: %d of %d expectations hold"
            .formatted(suite, results.size() - failures.size(), results.size());
    return failures.isEmpty()
        ? counts
        : failures.stream()
            .map(ExpectationResult::message)
            .collect(Collectors.joining("; ", counts + "; ", ""));
  }

  /** The result as Great Expectations prints it. */
  public String toJson() {
    return QualityJson.of(this);
  }
}
