package io.millrace.flink.features;

import io.millrace.core.features.SessionActivity;
import java.time.Duration;
import java.time.Instant;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Counts the distinct events of each session by event time, whatever order they come in.
 *
 * <p>An event seen before gives nothing. A new one gives its message on {@link FeatureOutput#TAG}
 * and its online row; one that comes late also raises the counts of the rows that it precedes.
 * Sessions are forgotten when no new event has come for the time to live: an event that comes later
 * still is counted afresh, and put right by {@code materialize}.
 *
 * <p>A refused message only passes through. A session of {@link SessionActivity#MAX_EVENTS} events
 * takes no more: further ones go to {@link FeatureOutput#TAG} with the reason, and {@code
 * materialize} counts them. Counts {@code features.duplicates}, {@code features.late} and {@code
 * features.refused}.
 */
public final class CountActivity extends KeyedProcessFunction<String, SessionEvent, OnlineUpdate> {
  private static final long serialVersionUID = 1L;

  private static final String FULL =
      "The session has %d events, the most that are counted: its online features stay as they are until materialize has counted all"
          .formatted(SessionActivity.MAX_EVENTS);

  private final Duration timeToLive;

  @SuppressWarnings("NullAway.Init") // by open, on the machine that runs it
  private transient ValueState<SessionActivity> session;

  @SuppressWarnings("NullAway.Init")
  private transient Counter duplicates;

  @SuppressWarnings("NullAway.Init")
  private transient Counter late;

  @SuppressWarnings("NullAway.Init")
  private transient Counter refused;

  /** Forgets a session so long after its last new event. */
  public CountActivity(Duration timeToLive) {
    this.timeToLive = timeToLive;
  }

  @Override
  public void open(OpenContext context) {
    ValueStateDescriptor<SessionActivity> descriptor =
        new ValueStateDescriptor<>("session", TypeInformation.of(SessionActivity.class));
    descriptor.enableTimeToLive(StateTtlConfig.newBuilder(timeToLive).build());
    session = getRuntimeContext().getState(descriptor);
    MetricGroup metrics = getRuntimeContext().getMetricGroup().addGroup("features");
    duplicates = metrics.counter("duplicates");
    late = metrics.counter("late");
    refused = metrics.counter("refused");
  }

  @Override
  public void processElement(SessionEvent event, Context context, Collector<OnlineUpdate> out)
      throws Exception {
    if (event.refused()) {
      context.output(FeatureOutput.TAG, event.output());
      return;
    }
    SessionActivity known = session.value();
    SessionActivity before = known == null ? SessionActivity.empty() : known;
    if (before.isFull() && !before.contains(event.entry())) {
      refused.inc();
      context.output(FeatureOutput.TAG, event.notCounted(FULL, Instant.now()));
      return;
    }
    SessionActivity.Change change = before.add(event.entry());
    if (change == null) {
      duplicates.inc();
      return;
    }
    session.update(change.session());
    context.output(FeatureOutput.TAG, event.output());
    SessionActivity.Counted own = change.counted();
    out.collect(
        new OnlineUpdate(own.entry().key().text(), own.version().text() + '|' + event.online()));
    if (!change.recounted().isEmpty()) {
      late.inc();
      for (SessionActivity.Counted other : change.recounted()) {
        out.collect(new OnlineUpdate(other.entry().key().text(), other.version().text()));
      }
    }
  }
}
