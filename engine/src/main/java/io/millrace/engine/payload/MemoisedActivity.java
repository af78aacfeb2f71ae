package io.millrace.engine.payload;

import io.millrace.engine.CheckReport;
import io.temporal.activity.ActivityExecutionContext;
import io.temporal.api.common.v1.Payload;
import io.temporal.common.converter.DefaultDataConverter;
import io.temporal.common.converter.EncodedValues;
import io.temporal.common.converter.RawValue;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptor;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptorBase;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One try of an activity, which may turn out not to be needed. */
final class MemoisedActivity extends ActivityInboundCallsInterceptorBase {

  private static final Logger logger = LoggerFactory.getLogger(MemoisedActivity.class);
  private static final String HITS = "millrace_memo_hits";

  private final MemoStore memos;
  private @Nullable ActivityExecutionContext context;

  MemoisedActivity(ActivityInboundCallsInterceptor next, MemoStore memos) {
    super(next);
    this.memos = memos;
  }

  @Override
  public void init(ActivityExecutionContext activity) {
    context = activity;
    super.init(activity);
  }

  @Override
  public ActivityOutput execute(ActivityInput input) {
    ActivityExecutionContext activity = context;
    // The arguments of a dynamic activity are not decoded, so they have no canonical form.
    if (activity == null
        || Arrays.stream(input.getArguments()).anyMatch(MemoisedActivity::isEncoded)) {
      return super.execute(input);
    }
    Optional<Memo.Received> memo = Memo.receive(input.getHeader());
    return memo.isEmpty() ? super.execute(input) : reuse(activity, memo.get(), input);
  }

  private ActivityOutput reuse(
      ActivityExecutionContext activity, Memo.Received memo, ActivityInput input) {
    String type = activity.getInfo().getActivityType();
    String id;
    try {
      id = MemoStore.id(memo.key(), type, input.getArguments());
    } catch (IllegalArgumentException e) {
      logger.warn("Activity {} runs without memo: {}", type, e.getMessage());
      return super.execute(input);
    }
    Optional<Payload> kept = find(type, id);
    if (kept.isPresent()) {
      logger.info("Activity {} not run: its result is kept as memo {}", type, id);
      activity.getMetricsScope().counter(HITS).inc(1);
      return new ActivityOutput(new RawValue(kept.get()));
    }
    ActivityOutput output = super.execute(input);
    if (!activity.isDoNotCompleteOnReturn() && isWorthKeeping(output.getResult())) {
      keep(type, id, memo, output.getResult());
    }
    return output;
  }

  private static boolean isEncoded(@Nullable Object argument) {
    return argument instanceof EncodedValues;
  }

  /** A check that did not pass fails its task, which is to run again when retried. */
  private static boolean isWorthKeeping(@Nullable Object result) {
    return !(result instanceof CheckReport check && !check.passed());
  }

  private Optional<Payload> find(String type, String id) {
    try {
      return memos.find(id);
    } catch (BlobStoreException | UnreadablePayloadException e) {
      logger.warn("Activity {} runs, as its memo cannot be read: {}", type, e.getMessage());
      return Optional.empty();
    }
  }

  private void keep(String type, String id, Memo.Received memo, @Nullable Object result) {
    try {
      DefaultDataConverter.STANDARD_INSTANCE
          .toPayload(result)
          .ifPresent(payload -> memos.keep(id, payload, memos.now().plus(memo.ttl())));
    } catch (BlobStoreException e) {
      logger.warn("The result of activity {} cannot be kept: {}", type, e.getMessage());
    }
  }
}
