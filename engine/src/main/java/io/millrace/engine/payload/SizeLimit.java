package io.millrace.engine.payload;

import io.temporal.api.common.v1.Payload;
import io.temporal.payload.codec.PayloadCodec;
import io.temporal.payload.context.ActivitySerializationContext;
import io.temporal.payload.context.HasWorkflowSerializationContext;
import io.temporal.payload.context.SerializationContext;
import org.jspecify.annotations.Nullable;

/** Refuses to send payloads that are too large, before anything else is done with them. */
final class SizeLimit extends EachPayload {

  private final int max;
  private final @Nullable SerializationContext context;

  SizeLimit(int max) {
    this(max, null);
  }

  private SizeLimit(int max, @Nullable SerializationContext context) {
    this.max = max;
    this.context = context;
  }

  @Override
  public PayloadCodec withContext(SerializationContext where) {
    return new SizeLimit(max, where);
  }

  @Override
  Payload encode(Payload payload) {
    int size = payload.getData().size();
    if (size > max) {
      throw TooLarge.withStore(what(), size, max);
    }
    return payload;
  }

  @Override
  Payload decode(Payload payload) {
    return payload;
  }

  private String what() {
    if (context instanceof ActivitySerializationContext activity) {
      return "An argument or the result of activity %s in run %s"
          .formatted(activity.getActivityType(), activity.getWorkflowId());
    }
    if (context instanceof HasWorkflowSerializationContext run) {
      return "An argument or the result of run " + run.getWorkflowId();
    }
    return "A value";
  }
}
