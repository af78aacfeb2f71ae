package io.millrace.engine.payload;

import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.common.interceptors.WorkflowInboundCallsInterceptor;
import io.temporal.common.interceptors.WorkflowInboundCallsInterceptorBase;
import io.temporal.common.interceptors.WorkflowOutboundCallsInterceptor;
import io.temporal.common.interceptors.WorkflowOutboundCallsInterceptorBase;
import io.temporal.failure.ApplicationFailure;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.unsafe.WorkflowUnsafe;
import org.jspecify.annotations.Nullable;

/**
 * A run, whose calls may have arguments that are too large; such a call fails and is not sent.
 *
 * <p>Whether it was refused is in the history, since workers may differ in their settings. That
 * costs an event only for a call over the limit, and a history of before has accepted all its own.
 */
final class LimitedWorkflow extends WorkflowInboundCallsInterceptorBase {

  private static final String CHANGE = "millrace-argument-limit";
  private static final int LIMIT = PayloadLimits.ARGUMENTS;

  private final Measure measure;
  private int tasks;

  LimitedWorkflow(WorkflowInboundCallsInterceptor next, Measure measure) {
    super(next);
    this.measure = measure;
  }

  @Override
  public void init(WorkflowOutboundCallsInterceptor outbound) {
    super.init(new Sender(outbound));
  }

  @Override
  public WorkflowOutput execute(WorkflowInput input) {
    WorkflowOutput output = super.execute(input);
    Object result = output.getResult();
    ApplicationFailure refusal =
        refusal("The result of run " + Workflow.getInfo().getWorkflowId(), result);
    if (refusal != null) {
      throw refusal;
    }
    return output;
  }

  private @Nullable ApplicationFailure refusal(String what, @Nullable Object... values) {
    if (WorkflowUnsafe.deadlockDetectorOff(() -> CallSize.bytes(values, LIMIT)) <= LIMIT
        || Workflow.getVersion(CHANGE, Workflow.DEFAULT_VERSION, 1) == Workflow.DEFAULT_VERSION) {
      return null;
    }
    String message =
        Workflow.mutableSideEffect(
            CHANGE,
            String.class,
            String::equals,
            () -> {
              ApplicationFailure refusal = measure.refusal(what, LIMIT, values);
              return refusal == null ? "" : refusal.getOriginalMessage();
            });
    return message.isEmpty()
        ? null
        : ApplicationFailure.newNonRetryableFailure(message, DagPayloads.TOO_LARGE);
  }

  private final class Sender extends WorkflowOutboundCallsInterceptorBase {
    private Sender(WorkflowOutboundCallsInterceptor next) {
      super(next);
    }

    @Override
    public <R> ActivityOutput<R> executeActivity(ActivityInput<R> input) {
      ApplicationFailure refusal =
          refusal(
              arguments(input.getOptions().getSummary(), "activity", input.getActivityName()),
              input.getArgs());
      if (refusal != null) {
        return new ActivityOutput<>("refused", failed(refusal));
      }
      if (isFirstTask(input.getOptions().getSummary())) {
        LimitedActivity.allowMore(input.getHeader());
      }
      return super.executeActivity(input);
    }

    @Override
    public <R> LocalActivityOutput<R> executeLocalActivity(LocalActivityInput<R> input) {
      ApplicationFailure refusal =
          refusal(
              arguments(input.getOptions().getSummary(), "activity", input.getActivityName()),
              input.getArgs());
      return refusal == null
          ? super.executeLocalActivity(input)
          : new LocalActivityOutput<>(failed(refusal));
    }

    @Override
    public <R> ChildWorkflowOutput<R> executeChildWorkflow(ChildWorkflowInput<R> input) {
      ApplicationFailure refusal =
          refusal(
              arguments(input.getOptions().getStaticSummary(), "run", input.getWorkflowType()),
              input.getArgs());
      return refusal == null
          ? super.executeChildWorkflow(input)
          : new ChildWorkflowOutput<>(failed(refusal), this.<WorkflowExecution>failed(refusal));
    }

    @Override
    public void continueAsNew(ContinueAsNewInput input) {
      ApplicationFailure refusal =
          refusal(
              "What run %s continues with".formatted(Workflow.getInfo().getWorkflowId()),
              input.getArgs());
      if (refusal != null) {
        throw refusal;
      }
      super.continueAsNew(input);
    }

    /** The header is no part of what a replay compares. */
    private boolean isFirstTask(@Nullable String summary) {
      boolean item = summary != null && summary.endsWith("]");
      return !item && !measure.hasStore() && tasks++ < PayloadLimits.FIRST_TASKS;
    }

    private String arguments(@Nullable String task, String kind, String type) {
      String called = "%s %s".formatted(kind, type);
      return task == null
          ? "The input of " + called
          : "The input of task '%s', %s".formatted(task, called);
    }

    private <R> Promise<R> failed(ApplicationFailure refusal) {
      return Workflow.newFailedPromise(refusal);
    }
  }
}
