package io.millrace.engine.lineage;

import io.temporal.common.interceptors.WorkerInterceptorBase;
import io.temporal.common.interceptors.WorkflowInboundCallsInterceptor;
import io.temporal.common.interceptors.WorkflowInboundCallsInterceptorBase;

/** The switch: with it on a worker, the DAG runs of the worker send their lineage. */
public final class LineageInterceptor extends WorkerInterceptorBase {

  private final RunLineage.Settings settings;

  /**
   * Makes it.
   *
   * @param namespace of the jobs, and of assets whose name is no address
   */
  public LineageInterceptor(LineageSink sink, String namespace) {
    this.settings = new RunLineage.Settings(sink, namespace);
  }

  @Override
  public WorkflowInboundCallsInterceptor interceptWorkflow(WorkflowInboundCallsInterceptor next) {
    return new WorkflowInboundCallsInterceptorBase(next) {
      @Override
      public WorkflowOutput execute(WorkflowInput input) {
        RunLineage.SETTINGS.set(settings);
        return super.execute(input);
      }
    };
  }
}
