package io.millrace.engine.notify;

import io.millrace.engine.MapChunk;
import io.temporal.api.common.v1.Payload;
import io.temporal.common.RetryOptions;
import io.temporal.common.converter.DefaultDataConverter;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptor;
import io.temporal.common.interceptors.Header;
import io.temporal.common.interceptors.WorkerInterceptorBase;
import io.temporal.common.interceptors.WorkflowInboundCallsInterceptor;
import io.temporal.common.interceptors.WorkflowInboundCallsInterceptorBase;
import io.temporal.common.interceptors.WorkflowOutboundCallsInterceptor;
import io.temporal.common.interceptors.WorkflowOutboundCallsInterceptorBase;
import io.temporal.workflow.Workflow;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Signals failed attempts to a run that declares {@link RunAlerts#onRetry}. Other runs and their
 * tasks are not touched.
 */
public final class NotifyInterceptor extends WorkerInterceptorBase {

  private static final String HEADER = "millrace-retries";

  @Override
  public WorkflowInboundCallsInterceptor interceptWorkflow(WorkflowInboundCallsInterceptor next) {
    return new Run(next);
  }

  @Override
  public ActivityInboundCallsInterceptor interceptActivity(ActivityInboundCallsInterceptor next) {
    return new RetriedActivity(next);
  }

  /**
   * The run that a task's retries are signalled to.
   *
   * @param run the workflow id
   * @param task {@code task} or {@code task[item]}; empty on the way to a child run
   * @param attempts how many tries there are at most; 0 for any number
   * @param never failure types that are not tried again
   */
  record Listener(String run, String task, int attempts, List<String> never) {

    static Listener of(String run, @Nullable String task, @Nullable RetryOptions retry) {
      String[] never = retry == null ? null : retry.getDoNotRetry();
      return new Listener(
          run,
          task == null ? "" : task,
          retry == null ? 0 : retry.getMaximumAttempts(),
          never == null ? List.of() : List.of(never));
    }

    void send(Header header) {
      DefaultDataConverter.STANDARD_INSTANCE
          .toPayload(this)
          .ifPresent(payload -> header.getValues().put(HEADER, payload));
    }

    static @Nullable Listener receive(Header header) {
      Payload payload = header.getValues().get(HEADER);
      return payload == null
          ? null
          : DefaultDataConverter.STANDARD_INSTANCE.fromPayload(
              payload, Listener.class, Listener.class);
    }
  }

  private static final class Run extends WorkflowInboundCallsInterceptorBase {
    private @Nullable Listener parent;

    private Run(WorkflowInboundCallsInterceptor next) {
      super(next);
    }

    @Override
    public void init(WorkflowOutboundCallsInterceptor outbound) {
      super.init(new Sender(outbound));
    }

    @Override
    public WorkflowOutput execute(WorkflowInput input) {
      parent = Listener.receive(input.getHeader());
      return super.execute(input);
    }

    private void send(Header header, @Nullable String task, @Nullable RetryOptions retry) {
      if (parent != null) {
        Listener.of(parent.run(), task, retry).send(header);
      } else if (RunNotifications.HEARS_OF_RETRIES.get()) {
        Listener.of(Workflow.getInfo().getWorkflowId(), task, retry).send(header);
      }
    }

    private final class Sender extends WorkflowOutboundCallsInterceptorBase {
      private Sender(WorkflowOutboundCallsInterceptor next) {
        super(next);
      }

      @Override
      public <R> ActivityOutput<R> executeActivity(ActivityInput<R> input) {
        var options = input.getOptions();
        send(input.getHeader(), options.getSummary(), options.getRetryOptions());
        return super.executeActivity(input);
      }

      @Override
      public <R> LocalActivityOutput<R> executeLocalActivity(LocalActivityInput<R> input) {
        var options = input.getOptions();
        send(input.getHeader(), options.getSummary(), options.getRetryOptions());
        return super.executeLocalActivity(input);
      }

      @Override
      public <R> ChildWorkflowOutput<R> executeChildWorkflow(ChildWorkflowInput<R> input) {
        if (input.getWorkflowType().equals(MapChunk.TYPE)) {
          send(input.getHeader(), null, null);
        }
        return super.executeChildWorkflow(input);
      }
    }
  }
}
