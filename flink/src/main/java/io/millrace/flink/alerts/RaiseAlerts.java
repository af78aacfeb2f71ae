package io.millrace.flink.alerts;

import io.millrace.core.alerts.Alert;
import io.millrace.core.alerts.AlertRules;
import io.millrace.core.alerts.Cooldown;
import io.millrace.core.alerts.InvalidEvent;
import io.millrace.core.alerts.RateWindow;
import java.time.Duration;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.StateDescriptor;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Raises alerts about the invalid messages of one topic and error type.
 *
 * <p>State per key: the {@link RateWindow}, and a {@link Cooldown} for each broken rule. What was
 * not touched for a day is forgotten. It goes by the messages' own time and needs no timer, so that
 * a burst is told of while it lasts, and the same messages give the same alerts after a restart.
 */
final class RaiseAlerts extends KeyedProcessFunction<String, InvalidEvent, Alert> {
  private static final long serialVersionUID = 1L;
  private static final Duration FORGOTTEN = Duration.ofDays(1);

  private final AlertRules rules;

  @SuppressWarnings("NullAway.Init") // by open, on the machine that runs it
  private transient ValueState<RateWindow> windows;

  @SuppressWarnings("NullAway.Init")
  private transient MapState<String, Cooldown> cooldowns;

  @SuppressWarnings("NullAway.Init")
  private transient AlertCounters counters;

  RaiseAlerts(AlertRules rules) {
    this.rules = rules;
  }

  @Override
  public void open(OpenContext context) {
    windows =
        getRuntimeContext()
            .getState(forgetful(new ValueStateDescriptor<>("windows", RateWindow.class)));
    cooldowns =
        getRuntimeContext()
            .getMapState(
                forgetful(new MapStateDescriptor<>("cooldowns", String.class, Cooldown.class)));
    counters = new AlertCounters(getRuntimeContext().getMetricGroup());
  }

  @Override
  public void processElement(InvalidEvent event, Context context, Collector<Alert> out)
      throws Exception {
    raiseForEvent(event, out);
    raiseForRate(event, out);
  }

  private void raiseForEvent(InvalidEvent event, Collector<Alert> out) throws Exception {
    Cooldown known = cooldowns.get(event.rule());
    Cooldown cooldown = known == null ? Cooldown.NONE : known;
    if (cooldown.isOver(event.timeMillis(), rules)) {
      raise(Alert.of(event, cooldown.heldBack()), out);
      cooldowns.put(event.rule(), cooldown.raised(event.timeMillis()));
    } else {
      counters.heldBack();
      cooldowns.put(event.rule(), cooldown.held());
    }
  }

  private void raiseForRate(InvalidEvent event, Collector<Alert> out) throws Exception {
    RateWindow known = windows.value();
    RateWindow window = (known == null ? RateWindow.EMPTY : known).add(event.timeMillis(), rules);
    if (window.isAlert(event.timeMillis(), rules)) {
      raise(Alert.of(event, window, rules), out);
      window = window.raised(event.timeMillis());
    }
    windows.update(window);
  }

  private void raise(Alert alert, Collector<Alert> out) {
    counters.raised(alert);
    out.collect(alert);
  }

  private static <D extends StateDescriptor<?, ?>> D forgetful(D descriptor) {
    descriptor.enableTimeToLive(StateTtlConfig.newBuilder(FORGOTTEN).build());
    return descriptor;
  }
}
