package io.millrace.engine.asset;

import io.temporal.workflow.QueryMethod;
import io.temporal.workflow.SignalMethod;
import io.temporal.workflow.UpdateMethod;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Takes what was made, and starts the DAGs that wait for it. One in a namespace. */
@WorkflowInterface
public interface AssetHub {

  /** The workflow type. */
  String TYPE = "millrace_assets";

  /** The workflow id. */
  String ID = "millrace-assets";

  /**
   * Runs for ever.
   *
   * @param state of the hub before it continued as new, or null at its first start
   */
  @WorkflowMethod(name = TYPE)
  void run(@Nullable HubState state);

  /** Takes an event. */
  @SignalMethod(name = "emit")
  void emit(AssetEvent event);

  /** Replaces the DAGs that wait for assets; returns their names. */
  @UpdateMethod(name = "declare")
  List<String> declare(List<AssetSchedule> schedules);

  /** The events that wait for others, by DAG. */
  @QueryMethod(name = "waiting")
  Map<String, List<AssetEvent>> waiting();

  /** What the hub remembers when it continues as new. */
  record HubState(List<AssetSchedule> schedules, Map<String, List<AssetEvent>> waiting) {}
}
