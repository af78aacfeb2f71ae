package io.millrace.engine.logs;

import io.temporal.activity.ActivityExecutionContext;
import io.temporal.activity.ActivityInfo;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptor;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptorBase;
import io.temporal.common.interceptors.WorkerInterceptorBase;
import io.temporal.common.interceptors.WorkflowInboundCallsInterceptor;
import io.temporal.serviceclient.CheckedExceptionWrapper;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Gives every line that a task logs its place, and hands each try to a {@link TaskLogSink}.
 *
 * <p>The log context (SLF4J's MDC) of a task's thread has {@link #DAG}, {@link #RUN}, {@link
 * #TASK}, {@link #ITEM} and {@link #ATTEMPT}, beside the SDK's own {@code WorkflowId} and {@code
 * RunId}. A thread that a task starts has them if it is given {@code MDC.getCopyOfContextMap()}.
 * Add it after the interceptors of {@link io.millrace.engine.DagWorkers}: the last one sees most.
 */
public final class TaskLogInterceptor extends WorkerInterceptorBase {

  /** The DAG. */
  public static final String DAG = "Dag";

  /** The workflow id of the DAG's run. */
  public static final String RUN = "Run";

  /** The task id; of an activity that is no task, its type. */
  public static final String TASK = "Task";

  /** The item of a mapped task. */
  public static final String ITEM = "MapIndex";

  /** The try, from 1. */
  public static final String ATTEMPT = "Attempt";

  /** Which capture of the sink a line belongs to. */
  public static final String CAPTURE = "TaskLog";

  private static final Logger logger = LoggerFactory.getLogger(TaskLogInterceptor.class);

  private final TaskLogSink sink;

  public TaskLogInterceptor(TaskLogSink sink) {
    this.sink = sink;
  }

  @Override
  public WorkflowInboundCallsInterceptor interceptWorkflow(WorkflowInboundCallsInterceptor next) {
    return new LogContextInterceptor(next);
  }

  @Override
  public ActivityInboundCallsInterceptor interceptActivity(ActivityInboundCallsInterceptor next) {
    return new Logged(next);
  }

  private final class Logged extends ActivityInboundCallsInterceptorBase {
    private @Nullable ActivityInfo activity;

    private Logged(ActivityInboundCallsInterceptor next) {
      super(next);
    }

    @Override
    public void init(ActivityExecutionContext context) {
      activity = context.getInfo();
      super.init(context);
    }

    @Override
    public ActivityOutput execute(ActivityInput input) {
      ActivityInfo info = Objects.requireNonNull(activity);
      TaskLabel label = TaskLabel.receive(input.getHeader());
      @Nullable Map<String, String> outer = MDC.getCopyOfContextMap();
      try {
        return label == null ? plain(info, input) : captured(TaskTry.of(label, info), input);
      } finally {
        MDC.setContextMap(outer == null ? Map.of() : outer);
      }
    }

    private ActivityOutput plain(ActivityInfo info, ActivityInput input) {
      MDC.put(TASK, info.getActivityType());
      MDC.put(ATTEMPT, Integer.toString(info.getAttempt()));
      try {
        return super.execute(input);
      } catch (RuntimeException e) {
        warn(CheckedExceptionWrapper.unwrap(e));
        throw e;
      }
    }

    private ActivityOutput captured(TaskTry tried, ActivityInput input) {
      TaskLogSink.Capture capture = sink.begin(tried);
      MDC.put(DAG, tried.dag());
      MDC.put(RUN, tried.run());
      MDC.put(TASK, tried.task());
      if (tried.item() != null) {
        MDC.put(ITEM, tried.item());
      }
      MDC.put(ATTEMPT, Integer.toString(tried.attempt()));
      MDC.put(CAPTURE, capture.id());
      try {
        ActivityOutput output = super.execute(input);
        capture.end().ended(null);
        return output;
      } catch (RuntimeException | Error e) {
        Throwable failure = CheckedExceptionWrapper.unwrap(e);
        capture.end().ended(failure);
        warn(failure);
        throw e;
      }
    }

    /** The SDK's own warning comes when the context is gone. */
    private void warn(Throwable failure) {
      if (AttemptOutcome.of(failure) == AttemptOutcome.FAILED) {
        logger.warn("Try failed", failure);
      }
    }
  }
}
