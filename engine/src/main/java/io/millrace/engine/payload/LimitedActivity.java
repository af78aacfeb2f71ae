package io.millrace.engine.payload;

import com.fasterxml.jackson.databind.JsonNode;
import io.temporal.activity.ActivityExecutionContext;
import io.temporal.activity.ActivityInfo;
import io.temporal.api.common.v1.Payload;
import io.temporal.client.ActivityCompletionException;
import io.temporal.common.converter.DataConverterException;
import io.temporal.common.converter.DefaultDataConverter;
import io.temporal.common.interceptors.ActivityExecutionContextBase;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptor;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptorBase;
import io.temporal.common.interceptors.Header;
import io.temporal.failure.ApplicationFailure;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One try of an activity, whose result and heartbeats may be too large. */
final class LimitedActivity extends ActivityInboundCallsInterceptorBase {

  /** Present with a task that may return more; see {@link PayloadLimits}. */
  private static final String FIRST = "millrace-first";

  private final Measure measure;
  private @Nullable ActivityExecutionContext activity;
  private String task = "";

  LimitedActivity(ActivityInboundCallsInterceptor next, Measure measure) {
    super(next);
    this.measure = measure;
  }

  /** Marks a task that may return more. */
  static void allowMore(Header header) {
    header.getValues().put(FIRST, Payload.getDefaultInstance());
  }

  @Override
  public void init(ActivityExecutionContext context) {
    activity = context;
    super.init(new LimitedContext(context));
  }

  @Override
  public ActivityOutput execute(ActivityInput input) {
    ActivityExecutionContext context = Objects.requireNonNull(activity);
    task = what(context.getInfo(), input.getHeader());
    ActivityOutput output;
    try {
      output = super.execute(input);
    } catch (ActivityCompletionException e) {
      throw e;
    } catch (RuntimeException e) {
      throw LimitedFailure.cut(e, measure);
    }
    if (!context.isDoNotCompleteOnReturn()) {
      ApplicationFailure refusal =
          measure.refusal(
              "The result of " + task,
              limit(context.getInfo(), input.getHeader()),
              output.getResult());
      if (refusal != null) {
        throw refusal;
      }
    }
    return output;
  }

  /** What the engine's own activities return is read by the engine alone, one at a time. */
  private int limit(ActivityInfo info, Header header) {
    String type = info.getActivityType();
    if (type.startsWith("millrace_") || type.startsWith("pool_")) {
      return PayloadLimits.ARGUMENTS;
    }
    if (info.isLocal()) {
      return PayloadLimits.LOCAL_RESULT;
    }
    PayloadLimits limits = measure.limits();
    return header.getValues().containsKey(FIRST) ? limits.firstResult() : limits.result();
  }

  /** An activity does not see its summary; what labels it for logs or tests says its task. */
  private static String what(ActivityInfo info, Header header) {
    String activity =
        "activity %s in run %s".formatted(info.getActivityType(), info.getWorkflowId());
    return Stream.of("millrace-label", "millrace-task")
        .map(key -> header.getValues().get(key))
        .filter(Objects::nonNull)
        .findFirst()
        .map(label -> "task %s, %s".formatted(name(label), activity))
        .orElse(activity);
  }

  private static String name(Payload label) {
    try {
      JsonNode value =
          DefaultDataConverter.STANDARD_INSTANCE.fromPayload(label, JsonNode.class, JsonNode.class);
      String item = value.path("item").asText("");
      String task = value.isTextual() ? value.asText() : value.path("task").asText("");
      return item.isEmpty() ? "'%s'".formatted(task) : "'%s[%s]'".formatted(task, item);
    } catch (DataConverterException e) {
      return "unknown";
    }
  }

  /** Refuses details that the server would have to keep for every task that runs. */
  private final class LimitedContext extends ActivityExecutionContextBase {
    private LimitedContext(ActivityExecutionContext next) {
      super(next);
    }

    @Override
    public <V> void heartbeat(V details) {
      ApplicationFailure refusal = measure.heartbeatRefusal("A heartbeat of " + task, details);
      if (refusal != null) {
        throw refusal;
      }
      super.heartbeat(details);
    }
  }
}
