package io.millrace.flink;

import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.SimpleCounter;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;

/** Keeps counters by the names of their groups and their own, with dots between. */
public final class CountedMetrics extends UnregisteredMetricsGroup {
  private final String prefix;
  private final Map<String, Counter> counters;

  public CountedMetrics() {
    this("", new TreeMap<>());
  }

  private CountedMetrics(String prefix, Map<String, Counter> counters) {
    this.prefix = prefix;
    this.counters = counters;
  }

  @Override
  public Counter counter(String name) {
    return counters.computeIfAbsent(prefix + name, any -> new SimpleCounter());
  }

  @Override
  public MetricGroup addGroup(String name) {
    return new CountedMetrics(prefix + name + ".", counters);
  }

  @Override
  public MetricGroup addGroup(String key, String value) {
    return addGroup(key).addGroup(value);
  }

  public long count(String name) {
    return counters.get(name).getCount();
  }
}
