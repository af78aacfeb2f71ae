package io.millrace.engine.pool;

import io.temporal.workflow.SignalMethod;
import io.temporal.workflow.WorkflowInterface;
import java.util.List;

/** Where a run gets the answers of pools; {@link RunPools} registers it. */
@WorkflowInterface
public interface PoolListener {

  /** The name of the signal. */
  String SIGNAL = "poolAnswered";

  /**
   * Answers requests.
   *
   * @param pool the pool that answers
   */
  @SignalMethod(name = SIGNAL)
  void answered(String pool, List<PoolAnswer> answers);
}
