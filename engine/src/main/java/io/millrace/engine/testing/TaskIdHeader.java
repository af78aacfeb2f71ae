package io.millrace.engine.testing;

import io.temporal.activity.ActivityExecutionContext;
import io.temporal.api.common.v1.Payload;
import io.temporal.common.converter.DefaultDataConverter;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptor;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptorBase;
import io.temporal.common.interceptors.Header;
import io.temporal.common.interceptors.WorkerInterceptorBase;
import io.temporal.common.interceptors.WorkflowInboundCallsInterceptor;
import io.temporal.common.interceptors.WorkflowInboundCallsInterceptorBase;
import io.temporal.common.interceptors.WorkflowOutboundCallsInterceptor;
import io.temporal.common.interceptors.WorkflowOutboundCallsInterceptorBase;
import org.jspecify.annotations.Nullable;

/** Carries the task id, which an activity does not see otherwise, from the run to its fake. */
final class TaskIdHeader extends WorkerInterceptorBase {

  private static final String KEY = "millrace-task";

  private final ThreadLocal<@Nullable String> current = new ThreadLocal<>();

  /** The summary of the activity that runs on this thread: {@code task} or {@code task[item]}. */
  String current() {
    String summary = current.get();
    return summary == null ? "" : summary;
  }

  @Override
  public WorkflowInboundCallsInterceptor interceptWorkflow(WorkflowInboundCallsInterceptor next) {
    return new WorkflowInboundCallsInterceptorBase(next) {
      @Override
      public void init(WorkflowOutboundCallsInterceptor outbound) {
        next.init(new Sender(outbound));
      }
    };
  }

  @Override
  public ActivityInboundCallsInterceptor interceptActivity(ActivityInboundCallsInterceptor next) {
    return new ActivityInboundCallsInterceptorBase(next) {
      @Override
      public void init(ActivityExecutionContext context) {
        next.init(context);
      }

      @Override
      public ActivityInboundCallsInterceptor.ActivityOutput execute(
          ActivityInboundCallsInterceptor.ActivityInput input) {
        Payload payload = input.getHeader().getValues().get(KEY);
        if (payload == null) {
          // The engine's own, which is a local activity.
          return next.execute(input);
        }
        current.set(
            DefaultDataConverter.STANDARD_INSTANCE.fromPayload(
                payload, String.class, String.class));
        try {
          return next.execute(input);
        } finally {
          current.remove();
        }
      }
    };
  }

  private static final class Sender extends WorkflowOutboundCallsInterceptorBase {
    private Sender(WorkflowOutboundCallsInterceptor next) {
      super(next);
    }

    @Override
    public <R> WorkflowOutboundCallsInterceptor.ActivityOutput<R> executeActivity(
        WorkflowOutboundCallsInterceptor.ActivityInput<R> input) {
      put(input.getHeader(), input.getOptions().getSummary(), input.getActivityName());
      return super.executeActivity(input);
    }

    @Override
    public <R> WorkflowOutboundCallsInterceptor.LocalActivityOutput<R> executeLocalActivity(
        WorkflowOutboundCallsInterceptor.LocalActivityInput<R> input) {
      put(input.getHeader(), input.getOptions().getSummary(), input.getActivityName());
      return super.executeLocalActivity(input);
    }

    private static void put(Header header, @Nullable String summary, String otherwise) {
      String text = summary == null ? otherwise : summary;
      header
          .getValues()
          .put(KEY, DefaultDataConverter.STANDARD_INSTANCE.toPayload(text).orElseThrow());
    }
  }
}
