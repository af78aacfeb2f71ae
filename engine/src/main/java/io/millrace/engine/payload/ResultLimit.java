package io.millrace.engine.payload;

import io.temporal.common.converter.DataConverter;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptor;
import io.temporal.common.interceptors.WorkerInterceptorBase;
import io.temporal.common.interceptors.WorkflowInboundCallsInterceptor;

/**
 * Fails at once, with type {@link DagPayloads#TOO_LARGE}, the task whose value the server would not
 * take, or that could end the run by its weight; the run goes on by its rules.
 *
 * <p>Without it a result of 10 MB is refused by the server without a word to the run, and the task
 * is only tried again when it times out. Checked are results, arguments, heartbeat details, and the
 * inputs and results of runs. What is only text, the messages and stack traces of failures, is cut
 * to some thousand characters instead.
 *
 * <p>Each value is counted as JSON without being kept; only one over its limit is encoded once more
 * to measure it exactly, and never with {@link DagPayloads}, whose codec checks for itself.
 */
public final class ResultLimit extends WorkerInterceptorBase {

  private final Measure measure;

  /**
   * Checks for workers with a converter.
   *
   * @param converter that of the worker's client
   */
  public ResultLimit(PayloadLimits limits, DataConverter converter) {
    this.measure = new Measure(limits, converter);
  }

  @Override
  public WorkflowInboundCallsInterceptor interceptWorkflow(WorkflowInboundCallsInterceptor next) {
    return new LimitedWorkflow(next, measure);
  }

  @Override
  public ActivityInboundCallsInterceptor interceptActivity(ActivityInboundCallsInterceptor next) {
    return new LimitedActivity(next, measure);
  }
}
