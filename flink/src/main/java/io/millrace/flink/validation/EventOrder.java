package io.millrace.flink.validation;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;

/**
 * Counts valid events that come behind newer ones of their partition ({@code order.out_of_order}),
 * those among them that come later than allowed ({@code order.late}), and those from the future
 * ({@code order.future}), by which no other event is measured. Nothing is held back for it: the
 * counts say what those downstream have to bear. Begins anew with every start.
 */
final class EventOrder {
  private static final Duration FUTURE = Duration.ofDays(1);

  private final long latenessMillis;
  private final Counter outOfOrder;
  private final Counter late;
  private final Counter future;

  /** By topic and partition: nothing is allocated for an event. */
  private final Map<String, long[]> newest = new HashMap<>();

  EventOrder(Duration lateness, MetricGroup metrics) {
    latenessMillis = lateness.toMillis();
    MetricGroup order = metrics.addGroup("order");
    outOfOrder = order.counter("out_of_order");
    late = order.counter("late");
    future = order.counter("future");
  }

  void observe(String topic, int partition, Instant eventTime, Instant now) {
    long time = eventTime.toEpochMilli();
    if (time - FUTURE.toMillis() > now.toEpochMilli()) {
      future.inc();
      return;
    }
    long[] partitions = partitions(topic, partition);
    if (time >= partitions[partition]) {
      partitions[partition] = time;
      return;
    }
    outOfOrder.inc();
    if (partitions[partition] - time > latenessMillis) {
      late.inc();
    }
  }

  private long[] partitions(String topic, int partition) {
    long[] known = newest.get(topic);
    if (known != null && partition < known.length) {
      return known;
    }
    int before = known == null ? 0 : known.length;
    long[] grown = known == null ? new long[partition + 1] : Arrays.copyOf(known, partition + 1);
    Arrays.fill(grown, before, grown.length, Long.MIN_VALUE);
    newest.put(topic, grown);
    return grown;
  }
}
