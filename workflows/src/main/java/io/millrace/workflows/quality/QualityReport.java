package io.millrace.workflows.quality;

import io.millrace.engine.CheckReport;

/**
 * The outcome of a suite, in words. The whole result is in {@code quality.results}.
 *
 * @param suite name of the suite
 * @param success whether every expectation holds
 * @param summary how many hold, and of each that does not: rule, table, value and threshold
 */
public record QualityReport(String suite, boolean success, String summary) implements CheckReport {

  @Override
  public boolean passed() {
    return success;
  }

  @Override
  public String explain() {
    return summary;
  }
}
