package io.millrace.engine.asset;

import io.temporal.workflow.QueryMethod;
import io.temporal.workflow.SignalMethod;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One asset: a workflow {@code asset/<name>} that keeps its events and notifies those who wait for
 * it. Do not terminate one: events that are still waited for would be lost.
 */
@WorkflowInterface
public interface AssetShard {

  /** The workflow type. */
  String TYPE = "millrace_asset";

  /**
   * Runs until the hub no longer keeps its name.
   *
   * @param state of the run before it continued as new, or null at the first start
   */
  @WorkflowMethod(name = TYPE)
  void run(@Nullable AssetState state);

  @SignalMethod(name = "emit")
  void emit(AssetMessage.Emission emission);

  @SignalMethod(name = "subscribers")
  void subscribers(AssetMessage.Subscribers subscribers);

  @SignalMethod(name = "adopt")
  void adopt(AssetMessage.Adoption adoption);

  @SignalMethod(name = "retire")
  void retire(AssetMessage.Retirement retirement);

  @SignalMethod(name = "read")
  void read(AssetMessage.Read read);

  /** What {@code millrace assets list} shows of it, without its consumers. */
  @QueryMethod(name = "asset")
  AssetReport report();

  /** The last events, at most 200, the latest first. */
  @QueryMethod(name = "events")
  List<LoggedEvent> events();

  /** The events after a number, as a run would get them. */
  @QueryMethod(name = "since")
  List<LoggedEvent> since(long from);

  /** Events of some partitions, as a run would get them. */
  @QueryMethod(name = "details")
  List<LoggedEvent> details(List<PartitionKey> partitions);

  /** What it would hand to its next run. */
  @QueryMethod(name = "state")
  AssetState state();

  /** The workflow id of an asset. */
  static String id(String asset) {
    return "asset/" + asset;
  }

  /** The asset of a workflow id. */
  static String asset(String workflowId) {
    return workflowId.substring("asset/".length());
  }
}
