package io.millrace.engine;

import io.millrace.engine.payload.UnreadablePayloadException;
import io.temporal.api.common.v1.Payload;
import io.temporal.client.ActivityCompletionException;
import io.temporal.common.RetryOptions;
import io.temporal.common.converter.DefaultDataConverter;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptor;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptorBase;
import io.temporal.common.interceptors.Header;
import io.temporal.common.interceptors.WorkerInterceptorBase;
import io.temporal.common.interceptors.WorkflowInboundCallsInterceptor;
import io.temporal.common.interceptors.WorkflowInboundCallsInterceptorBase;
import io.temporal.common.interceptors.WorkflowOutboundCallsInterceptor;
import io.temporal.common.interceptors.WorkflowOutboundCallsInterceptorBase;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.TemporalFailure;
import io.temporal.serviceclient.CheckedExceptionWrapper;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Retries no exception that {@link Policy#withoutRetryOf} names by its class, a superclass or an
 * interface. The server knows no classes, and compares the name of the exception's class alone; so
 * the names travel with the activity, and its worker decides.
 */
final class NoRetry extends WorkerInterceptorBase {

  private static final String HEADER = "millrace-no-retry";

  @Override
  public WorkflowInboundCallsInterceptor interceptWorkflow(WorkflowInboundCallsInterceptor next) {
    return new WorkflowInboundCallsInterceptorBase(next) {
      @Override
      public void init(WorkflowOutboundCallsInterceptor outbound) {
        super.init(new Sender(outbound));
      }
    };
  }

  @Override
  public ActivityInboundCallsInterceptor interceptActivity(ActivityInboundCallsInterceptor next) {
    return new Receiver(next);
  }

  private static final class Sender extends WorkflowOutboundCallsInterceptorBase {

    private Sender(WorkflowOutboundCallsInterceptor next) {
      super(next);
    }

    @Override
    public <R> WorkflowOutboundCallsInterceptor.ActivityOutput<R> executeActivity(
        WorkflowOutboundCallsInterceptor.ActivityInput<R> input) {
      put(input.getHeader(), input.getOptions().getRetryOptions());
      return super.executeActivity(input);
    }

    @Override
    public <R> WorkflowOutboundCallsInterceptor.LocalActivityOutput<R> executeLocalActivity(
        WorkflowOutboundCallsInterceptor.LocalActivityInput<R> input) {
      put(input.getHeader(), input.getOptions().getRetryOptions());
      return super.executeLocalActivity(input);
    }

    private static void put(Header header, @Nullable RetryOptions retry) {
      if (retry == null || retry.getDoNotRetry() == null) {
        return;
      }
      String[] names =
          Arrays.stream(retry.getDoNotRetry())
              .filter(name -> !name.equals(UnreadablePayloadException.class.getName()))
              .toArray(String[]::new);
      if (names.length > 0) {
        header
            .getValues()
            .put(HEADER, DefaultDataConverter.STANDARD_INSTANCE.toPayload(names).orElseThrow());
      }
    }
  }

  private static final class Receiver extends ActivityInboundCallsInterceptorBase {

    private Receiver(ActivityInboundCallsInterceptor next) {
      super(next);
    }

    @Override
    public ActivityInboundCallsInterceptor.ActivityOutput execute(
        ActivityInboundCallsInterceptor.ActivityInput input) {
      Payload named = input.getHeader().getValues().get(HEADER);
      if (named == null) {
        return super.execute(input);
      }
      try {
        return super.execute(input);
      } catch (ActivityCompletionException e) {
        throw e; // cancelled: there is no retry
      } catch (ApplicationFailure e) {
        if (!NotReady.TYPE.equals(e.getType()) && isNamed(namesOf(named), thrown(e))) {
          e.setNonRetryable(true);
        }
        throw e;
      } catch (TemporalFailure e) {
        throw e;
      } catch (RuntimeException e) {
        throw failure(e, namesOf(named));
      }
    }

    /** What the SDK itself makes of an exception, without a retry. */
    private static RuntimeException failure(RuntimeException wrapped, List<String> names) {
      Throwable e = CheckedExceptionWrapper.unwrap(wrapped);
      if (!isNamed(names, e)) {
        return wrapped;
      }
      ApplicationFailure failure =
          ApplicationFailure.newBuilder()
              .setMessage(e.getMessage())
              .setType(e.getClass().getName())
              .setCause(e.getCause())
              .setNonRetryable(true)
              .build();
      failure.setStackTrace(e.getStackTrace());
      return failure;
    }
  }

  private static List<String> namesOf(Payload payload) {
    return List.of(
        DefaultDataConverter.STANDARD_INSTANCE.fromPayload(
            payload, String[].class, String[].class));
  }

  /** A failure that has the name of its cause as its type only carries it. */
  private static Throwable thrown(ApplicationFailure failure) {
    Throwable cause = failure.getCause();
    boolean carries =
        cause != null
            && (failure.getType().equals(cause.getClass().getName())
                || failure.getType().equals(cause.getClass().getSimpleName()));
    return carries && cause != null ? cause : failure;
  }

  /** Whether names hold the exception's class, a superclass or an interface of it. */
  static boolean isNamed(List<String> names, Throwable e) {
    for (Class<?> type = e.getClass(); type != null; type = type.getSuperclass()) {
      if (names.contains(type.getName()) || extendsAny(type, names)) {
        return true;
      }
    }
    return false;
  }

  private static boolean extendsAny(Class<?> type, List<String> names) {
    return Arrays.stream(type.getInterfaces())
        .anyMatch(parent -> names.contains(parent.getName()) || extendsAny(parent, names));
  }
}
