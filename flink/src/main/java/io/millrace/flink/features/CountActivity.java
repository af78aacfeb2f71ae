package io.millrace.flink.features;

import io.millrace.core.features.SessionActivity;
import java.time.Duration;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/**
 * Counts the distinct events of each session by event time, whatever order they come in.
 *
 * <p>An event seen before gives nothing. A new one gives its message on {@link #READY} and its
 * online row; one that comes late also raises the counts of the rows that it precedes. Sessions are
 * forgotten when no new event has come for the time to live: an event that comes later still is
 * counted afresh, and put right by {@code materialize}. Counts {@code features.duplicates} and
 * {@code features.late}.
 */
public final class CountActivity extends KeyedProcessFunction<String, SessionEvent, OnlineUpdate> {
  static final OutputTag<ReadyMessage> READY =
      new OutputTag<>("ready", TypeInformation.of(ReadyMessage.class));

  private static final long serialVersionUID = 1L;

  private final Duration timeToLive;

  @SuppressWarnings("NullAway.Init") // by open, on the machine that runs it
  private transient ValueState<SessionActivity> session;

  @SuppressWarnings("NullAway.Init")
  private transient Counter duplicates;

  @SuppressWarnings("NullAway.Init")
  private transient Counter late;

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
  }

  @Override
  public void processElement(SessionEvent event, Context context, Collector<OnlineUpdate> out)
      throws Exception {
    SessionActivity before = session.value();
    SessionActivity.Change change =
        (before == null ? SessionActivity.empty() : before).add(event.entry());
    if (change == null) {
      duplicates.inc();
      return;
    }
    session.update(change.session());
    context.output(READY, new ReadyMessage(event.session(), event.message()));
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
