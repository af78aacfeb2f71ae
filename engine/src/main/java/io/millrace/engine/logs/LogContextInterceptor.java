package io.millrace.engine.logs;

import io.millrace.engine.MapChunk;
import io.millrace.engine.SensorLoop;
import io.temporal.common.interceptors.Header;
import io.temporal.common.interceptors.WorkflowInboundCallsInterceptor;
import io.temporal.common.interceptors.WorkflowInboundCallsInterceptorBase;
import io.temporal.common.interceptors.WorkflowOutboundCallsInterceptor;
import io.temporal.common.interceptors.WorkflowOutboundCallsInterceptorBase;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInfo;
import org.jspecify.annotations.Nullable;

/** Sends each activity of a run the task that it belongs to. Headers cost no event. */
final class LogContextInterceptor extends WorkflowInboundCallsInterceptorBase {

  private TaskLabel.@Nullable Owner owner;

  LogContextInterceptor(WorkflowInboundCallsInterceptor next) {
    super(next);
  }

  @Override
  public void init(WorkflowOutboundCallsInterceptor outbound) {
    super.init(new Sender(outbound));
  }

  @Override
  public WorkflowOutput execute(WorkflowInput input) {
    owner = TaskLabel.Owner.receive(input.getHeader());
    return super.execute(input);
  }

  private final class Sender extends WorkflowOutboundCallsInterceptorBase {
    private Sender(WorkflowOutboundCallsInterceptor next) {
      super(next);
    }

    @Override
    public <R> ActivityOutput<R> executeActivity(ActivityInput<R> input) {
      send(input.getOptions().getSummary(), input.getHeader());
      return super.executeActivity(input);
    }

    @Override
    public <R> LocalActivityOutput<R> executeLocalActivity(LocalActivityInput<R> input) {
      send(input.getOptions().getSummary(), input.getHeader());
      return super.executeLocalActivity(input);
    }

    @Override
    public <R> ChildWorkflowOutput<R> executeChildWorkflow(ChildWorkflowInput<R> input) {
      if (input.getWorkflowType().equals(MapChunk.TYPE)
          || input.getWorkflowType().equals(SensorLoop.TYPE)) {
        WorkflowInfo run = Workflow.getInfo();
        new TaskLabel.Owner(run.getWorkflowType(), run.getWorkflowId()).send(input.getHeader());
      }
      return super.executeChildWorkflow(input);
    }

    private void send(@Nullable String summary, Header header) {
      TaskLabel.of(summary, owner).ifPresent(label -> label.send(header));
    }
  }
}
