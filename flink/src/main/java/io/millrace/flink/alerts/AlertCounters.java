package io.millrace.flink.alerts;

import io.millrace.core.alerts.Alert;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;

/**
 * Counts alerts by kind and severity ({@code alerts.kind.<kind>.severity.<severity>.raised}), of
 * which there are six at most, and messages for which none was raised ({@code alerts.held_back}).
 */
final class AlertCounters {
  private final MetricGroup metrics;
  private final Counter heldBack;

  /** A group gives out a counter once: a second one of the same name would count for nobody. */
  private final Map<String, Counter> raised = new HashMap<>();

  AlertCounters(MetricGroup metrics) {
    this.metrics = metrics.addGroup("alerts");
    heldBack = this.metrics.counter("held_back");
  }

  void raised(Alert alert) {
    String kind = alert.kind().name();
    String severity = alert.severity().name();
    raised
        .computeIfAbsent(
            kind + severity,
            any -> metrics.addGroup("kind", kind).addGroup("severity", severity).counter("raised"))
        .inc();
  }

  void heldBack() {
    heldBack.inc();
  }
}
