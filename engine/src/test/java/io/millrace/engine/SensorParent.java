package io.millrace.engine;

import io.millrace.engine.SensorLoop.Began;
import io.millrace.engine.SensorLoop.Watch;
import io.temporal.activity.ActivityInterface;
import io.temporal.activity.ActivityMethod;
import io.temporal.workflow.QueryMethod;
import io.temporal.workflow.SignalMethod;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A run with one sensor and nothing else. */
@WorkflowInterface
public interface SensorParent {

  @WorkflowMethod(name = "sensor_parent")
  @Nullable BigDecimal run(Watch watch);

  @SignalMethod(name = SensorLoop.BEGAN)
  void began(Began sensor);

  /** The sensors that have had a slot. */
  @QueryMethod(name = "begun")
  List<Began> begun();

  /** What is looked for. */
  @ActivityInterface
  interface Landing {
    @ActivityMethod(name = "Look")
    @Nullable BigDecimal look(BigDecimal wanted, String where);
  }

  /** Starts it. */
  final class Impl implements SensorParent {
    private final List<Began> begun = new ArrayList<>();

    @Override
    public @Nullable BigDecimal run(Watch watch) {
      RecordedCall call =
          new RecordedCall(
              RecordedCall.Kind.ACTIVITY,
              watch.activity(),
              BigDecimal.class,
              BigDecimal.class,
              List.of());
      return SensorLoop.<BigDecimal>start(watch, call).get();
    }

    @Override
    public void began(Began sensor) {
      begun.add(sensor);
    }

    @Override
    public List<Began> begun() {
      return begun;
    }
  }
}
