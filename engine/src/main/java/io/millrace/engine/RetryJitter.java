package io.millrace.engine;

import io.temporal.activity.ActivityExecutionContext;
import io.temporal.activity.ActivityInfo;
import io.temporal.client.ActivityCompletionException;
import io.temporal.common.RetryOptions;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptor;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptorBase;
import io.temporal.common.interceptors.WorkerInterceptorBase;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.TemporalFailure;
import io.temporal.serviceclient.CheckedExceptionWrapper;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Shortens the wait before a retry by up to a fifth, so that tasks that failed together do not come
 * back together. As in Airflow the share depends on the task and the try alone.
 */
final class RetryJitter extends WorkerInterceptorBase {

  private static final double MAX = 0.2;
  private static final int STEPS = 1_000;

  @Override
  public ActivityInboundCallsInterceptor interceptActivity(ActivityInboundCallsInterceptor next) {
    return new Inbound(next);
  }

  private static final class Inbound extends ActivityInboundCallsInterceptorBase {
    private @Nullable ActivityInfo info;

    private Inbound(ActivityInboundCallsInterceptor next) {
      super(next);
    }

    @Override
    public void init(ActivityExecutionContext context) {
      info = context.getInfo();
      super.init(context);
    }

    @Override
    public ActivityOutput execute(ActivityInput input) {
      try {
        return super.execute(input);
      } catch (ActivityCompletionException e) {
        throw e; // cancelled: there is no retry
      } catch (ApplicationFailure e) {
        boolean poke = NotReady.TYPE.equals(e.getType());
        if (!poke && !e.isNonRetryable() && e.getNextRetryDelay() == null) {
          e.setNextRetryDelay(delay());
        }
        throw e;
      } catch (TemporalFailure e) {
        throw e;
      } catch (RuntimeException e) {
        throw failure(CheckedExceptionWrapper.unwrap(e));
      }
    }

    /** What the SDK itself makes of an exception, and the delay. */
    private ApplicationFailure failure(Throwable e) {
      ApplicationFailure failure =
          ApplicationFailure.newBuilder()
              .setMessage(e.getMessage())
              .setType(e.getClass().getName())
              .setCause(e.getCause())
              .setNextRetryDelay(delay())
              .build();
      failure.setStackTrace(e.getStackTrace());
      return failure;
    }

    private @Nullable Duration delay() {
      ActivityInfo activity = Objects.requireNonNull(info);
      RetryOptions retry = activity.getRetryOptions();
      return retry == null || retry.getInitialInterval() == null
          ? null
          : shortened(
              retry, activity.getWorkflowId() + activity.getActivityId(), activity.getAttempt());
    }
  }

  /**
   * The wait after a try.
   *
   * @param task any text that distinguishes tasks
   * @param attempt the try that failed, from 1
   */
  static Duration shortened(RetryOptions retry, String task, int attempt) {
    double share = Math.floorMod(Objects.hash(task, attempt), STEPS) / (double) STEPS;
    return less(full(retry, attempt), MAX * share);
  }

  /** The shortest that a wait can become. */
  static Duration shortest(Duration wait) {
    return less(wait, MAX);
  }

  private static Duration less(Duration wait, double share) {
    return Duration.ofMillis(Math.max(1, Math.round((double) wait.toMillis() * (1 - share))));
  }

  /** The wait after a try as the server would have it. */
  static Duration full(RetryOptions retry, int attempt) {
    double coefficient = retry.getBackoffCoefficient() == 0 ? 2 : retry.getBackoffCoefficient();
    double millis =
        (double) retry.getInitialInterval().toMillis() * Math.pow(coefficient, attempt - 1.0);
    if (retry.getMaximumInterval() != null) {
      millis = Math.min(millis, (double) retry.getMaximumInterval().toMillis());
    }
    return Duration.ofMillis(Math.round(millis));
  }
}
