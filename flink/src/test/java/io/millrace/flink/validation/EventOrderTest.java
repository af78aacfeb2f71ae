package io.millrace.flink.validation;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.flink.CountedMetrics;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class EventOrderTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

  private final CountedMetrics metrics = new CountedMetrics();
  private final EventOrder order = new EventOrder(Duration.ofSeconds(10), metrics);

  @Test
  void tellsDisorderFromLateness() {
    observe("raw", 0, NOW);
    observe("raw", 0, NOW);
    observe("raw", 0, NOW.plusSeconds(5));
    observe("raw", 0, NOW.minusSeconds(5));
    observe("raw", 0, NOW.minusSeconds(6));

    assertThat(metrics.count("order.out_of_order")).isEqualTo(2);
    assertThat(metrics.count("order.late")).isEqualTo(1);
  }

  @Test
  void measuresEachPartitionByItself() {
    observe("raw", 3, NOW);
    observe("raw", 0, NOW.minusSeconds(60));
    observe("cdc", 3, NOW.minusSeconds(60));
    observe("raw", 5, NOW.minusSeconds(60));
    observe("raw", 3, NOW.minusSeconds(60));

    assertThat(metrics.count("order.late")).isEqualTo(1);
  }

  @Test
  void isNotLedAstrayByAnEventFromTheFuture() {
    observe("raw", 0, Instant.parse("9999-12-31T00:00:00Z"));
    observe("raw", 0, NOW);

    assertThat(metrics.count("order.future")).isEqualTo(1);
    assertThat(metrics.count("order.out_of_order")).isZero();
  }

  private void observe(String topic, int partition, Instant eventTime) {
    order.observe(topic, partition, eventTime, NOW);
  }
}
