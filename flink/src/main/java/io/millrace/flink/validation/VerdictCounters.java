package io.millrace.flink.validation;

import io.millrace.core.events.Verdict;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;

/**
 * Counts messages per verdict ({@code verdict.valid|invalid|unreadable}) and per broken rule
 * ({@code rule.<message>.broken}), in the job's metrics.
 */
final class VerdictCounters {
  /** The contract has fewer; a fault must not fill the metrics. */
  private static final int MAX_RULES = 64;

  private final MetricGroup metrics;
  private final Counter valid;
  private final Counter invalid;
  private final Counter unreadable;
  private final Map<String, Counter> broken = new HashMap<>();

  VerdictCounters(MetricGroup metrics) {
    this.metrics = metrics;
    MetricGroup verdicts = metrics.addGroup("verdict");
    valid = verdicts.counter("valid");
    invalid = verdicts.counter("invalid");
    unreadable = verdicts.counter("unreadable");
  }

  void count(Verdict verdict) {
    if (verdict instanceof Verdict.Valid) {
      valid.inc();
    } else if (verdict instanceof Verdict.Invalid rule) {
      invalid.inc();
      rule(rule.errorMessage());
    } else {
      unreadable.inc();
    }
  }

  private void rule(String message) {
    Counter counter = broken.get(message);
    if (counter == null) {
      String name = broken.size() < MAX_RULES ? message : "other";
      counter = broken.computeIfAbsent(name, n -> metrics.addGroup("rule", n).counter("broken"));
    }
    counter.inc();
  }
}
