package io.millrace.engine.notify;

import io.grpc.StatusRuntimeException;
import io.millrace.engine.NotReady;
import io.temporal.activity.ActivityExecutionContext;
import io.temporal.client.ActivityCompletionException;
import io.temporal.client.WorkflowException;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptor;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptorBase;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.serviceclient.CheckedExceptionWrapper;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One attempt of a task whose run is signalled its retries. */
final class RetriedActivity extends ActivityInboundCallsInterceptorBase {

  private static final Logger logger = LoggerFactory.getLogger(RetriedActivity.class);

  private @Nullable ActivityExecutionContext context;

  RetriedActivity(ActivityInboundCallsInterceptor next) {
    super(next);
  }

  @Override
  public void init(ActivityExecutionContext activity) {
    context = activity;
    super.init(activity);
  }

  @Override
  public ActivityOutput execute(ActivityInput input) {
    NotifyInterceptor.Listener listener = NotifyInterceptor.Listener.receive(input.getHeader());
    if (listener == null || listener.task().isEmpty()) {
      return super.execute(input);
    }
    ActivityExecutionContext activity = Objects.requireNonNull(context);
    try {
      return super.execute(input);
    } catch (RuntimeException e) {
      Throwable failure = CheckedExceptionWrapper.unwrap(e);
      if (isFollowedByAnother(activity.getInfo().getAttempt(), listener, failure)) {
        signal(activity, listener, failure);
      }
      throw e;
    }
  }

  private static void signal(
      ActivityExecutionContext activity, NotifyInterceptor.Listener listener, Throwable failure) {
    int attempt = activity.getInfo().getAttempt();
    try {
      activity
          .getWorkflowClient()
          .newUntypedWorkflowStub(listener.run())
          .signal(
              RetrySignals.NAME,
              new RetrySignals.Retry(listener.task(), attempt, describe(failure)));
    } catch (WorkflowException | StatusRuntimeException e) {
      logger.warn(
          "Run {} is not told that try {} of {} failed: {}",
          listener.run(),
          attempt,
          listener.task(),
          e.getMessage());
    }
  }

  private static String describe(Throwable failure) {
    return failure instanceof ApplicationFailure told
        ? "%s: %s".formatted(told.getType(), told.getOriginalMessage())
        : failure.toString();
  }

  /** As the server will decide it, but for a total timeout that runs out meanwhile. */
  private static boolean isFollowedByAnother(
      int attempt, NotifyInterceptor.Listener listener, Throwable failure) {
    if (failure instanceof ActivityCompletionException || failure instanceof CanceledFailure) {
      return false;
    }
    String type = failure.getClass().getName();
    if (failure instanceof ApplicationFailure application) {
      type = application.getType();
      if (application.isNonRetryable() || NotReady.TYPE.equals(type)) {
        return false;
      }
    }
    boolean isLast = listener.attempts() > 0 && attempt >= listener.attempts();
    return !isLast && !listener.never().contains(type);
  }
}
