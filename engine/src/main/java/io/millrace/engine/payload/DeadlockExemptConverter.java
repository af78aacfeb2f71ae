package io.millrace.engine.payload;

import io.temporal.api.common.v1.Payload;
import io.temporal.api.common.v1.Payloads;
import io.temporal.api.failure.v1.Failure;
import io.temporal.common.converter.DataConverter;
import io.temporal.payload.context.SerializationContext;
import io.temporal.workflow.Functions;
import io.temporal.workflow.unsafe.WorkflowUnsafe;
import java.lang.reflect.Type;
import java.util.Optional;

/**
 * Lets workflow code take its time over a large value, which the SDK would else call a deadlock
 * after a second, and try again later if the blob store is down.
 */
record DeadlockExemptConverter(DataConverter converter) implements DataConverter {

  @Override
  public <T> Optional<Payload> toPayload(T value) {
    return patiently(() -> converter.toPayload(value));
  }

  @Override
  public <T> T fromPayload(Payload payload, Class<T> valueClass, Type valueType) {
    return patiently(() -> converter.fromPayload(payload, valueClass, valueType));
  }

  @Override
  public Optional<Payloads> toPayloads(Object... values) {
    return patiently(() -> converter.toPayloads(values));
  }

  @Override
  public <T> T fromPayloads(
      int index, Optional<Payloads> content, Class<T> valueType, Type valueGenericType) {
    return patiently(() -> converter.fromPayloads(index, content, valueType, valueGenericType));
  }

  @Override
  public Object[] fromPayloads(
      Optional<Payloads> content, Class<?>[] parameterTypes, Type[] genericParameterTypes) {
    return patiently(() -> converter.fromPayloads(content, parameterTypes, genericParameterTypes));
  }

  @Override
  public RuntimeException failureToException(Failure failure) {
    return patiently(() -> converter.failureToException(failure));
  }

  @Override
  public Failure exceptionToFailure(Throwable throwable) {
    return patiently(() -> converter.exceptionToFailure(throwable));
  }

  @Override
  public DataConverter withContext(SerializationContext context) {
    return new DeadlockExemptConverter(converter.withContext(context));
  }

  private static <T> T patiently(Functions.Func<T> work) {
    if (!WorkflowUnsafe.isWorkflowThread()) {
      return work.apply();
    }
    try {
      return WorkflowUnsafe.deadlockDetectorOff(work);
    } catch (BlobStoreException e) {
      throw new BlobStoreDownError(e);
    }
  }
}
