package io.millrace.engine.asset;

import io.temporal.workflow.QueryMethod;
import io.temporal.workflow.SignalMethod;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import org.jspecify.annotations.Nullable;

/**
 * One DAG that waits for assets: a workflow {@code asset-consumer/<dag>} that starts its runs. It
 * ends when the DAG is no longer declared. Do not terminate one: what has been read is read.
 */
@WorkflowInterface
public interface AssetConsumer {

  /** The workflow type. */
  String TYPE = "millrace_asset_consumer";

  /**
   * Runs as long as the DAG waits for assets.
   *
   * @param state of the run before it continued as new, or null at the first start
   */
  @WorkflowMethod(name = TYPE)
  void run(@Nullable ConsumerState state);

  @SignalMethod(name = "assign")
  void assign(AssetMessage.Assignment assignment);

  @SignalMethod(name = "news")
  void news(AssetMessage.News news);

  @SignalMethod(name = "page")
  void page(AssetMessage.Page page);

  /** Where it is; the events themselves are with their assets. */
  @QueryMethod(name = "consumer")
  ConsumerState consumer();

  /** The workflow id of a DAG's. */
  static String id(String dag) {
    return "asset-consumer/" + dag;
  }

  /** The DAG of a workflow id. */
  static String dag(String workflowId) {
    return workflowId.substring("asset-consumer/".length());
  }
}
