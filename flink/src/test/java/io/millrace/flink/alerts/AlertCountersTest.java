package io.millrace.flink.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.alerts.Alert;
import io.millrace.core.alerts.InvalidEvent;
import io.millrace.flink.CountedMetrics;
import org.junit.jupiter.api.Test;

class AlertCountersTest {
  @Test
  void countsByKindAndSeverity() {
    CountedMetrics metrics = new CountedMetrics();
    AlertCounters counters = new AlertCounters(metrics);
    Alert high = Alert.of(new InvalidEvent("raw", "SCHEMA_VALIDATION_ERROR", "m", 0, null), 0);
    Alert low = Alert.of(InvalidEvent.read("raw", null, 0), 0);

    counters.raised(high);
    counters.raised(low);
    counters.raised(high);
    counters.heldBack();

    assertThat(metrics.count("alerts.kind.EVENT.severity.HIGH.raised")).isEqualTo(2);
    assertThat(metrics.count("alerts.kind.EVENT.severity.LOW.raised")).isEqualTo(1);
    assertThat(metrics.count("alerts.held_back")).isEqualTo(1);
  }
}
