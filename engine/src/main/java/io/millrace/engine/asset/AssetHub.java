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

  /** Takes what an outside log has, each record once. */
  @SignalMethod(name = "deliver")
  void deliver(AssetDelivery delivery);

  /** Replaces the DAGs that wait for assets; returns their names. */
  @UpdateMethod(name = "declare")
  List<String> declare(List<AssetSchedule> schedules);

  /** The events that wait for others, by DAG. */
  @QueryMethod(name = "waiting")
  Map<String, List<AssetEvent>> waiting();

  /** Who waits for what. */
  @QueryMethod(name = "schedules")
  List<AssetSchedule> schedules();

  /** Every asset that was made or is waited for, by name. */
  @QueryMethod(name = "assets")
  List<AssetReport> assets();

  /** The last events that it took, at most 200, the latest first. */
  @QueryMethod(name = "events")
  List<AssetEvent> events();

  /**
   * What the hub remembers when it continues as new.
   *
   * @param log what it has taken, or null before there was one
   */
  record HubState(
      List<AssetSchedule> schedules,
      Map<String, List<AssetEvent>> waiting,
      AssetLog.@Nullable State log) {}
}
