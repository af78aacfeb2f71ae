package io.millrace.engine.payload;

import io.temporal.api.common.v1.Payloads;
import io.temporal.common.converter.DataConverter;
import io.temporal.common.converter.DefaultDataConverter;
import io.temporal.failure.ApplicationFailure;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Measures what a worker is about to send.
 *
 * @param limits of what lies in the history
 * @param converter of the worker's client
 */
record Measure(PayloadLimits limits, DataConverter converter) {

  /** More than anything that fits into memory. */
  private static final long ALL = Long.MAX_VALUE / 2;

  /** Whether large values go to a blob store; its codec has a limit of its own. */
  boolean hasStore() {
    return converter instanceof DeadlockExemptConverter;
  }

  /**
   * The failure of values that are too large for the history, or null.
   *
   * @param what begins the message
   */
  @Nullable ApplicationFailure refusal(String what, int limit, @Nullable Object... values) {
    if (hasStore() || CallSize.bytes(values, limit) <= limit) {
      return null;
    }
    long size = exact(values);
    return size > limit ? TooLarge.withoutStore(what, size, limit) : null;
  }

  /** The failure of a heartbeat's details that are too large, or null. */
  @Nullable ApplicationFailure heartbeatRefusal(String what, @Nullable Object details) {
    int limit = PayloadLimits.HEARTBEAT;
    if (hasStore() || CallSize.bytes(new Object[] {details}, limit) <= limit) {
      return null;
    }
    long size = exact(details);
    return size > limit ? TooLarge.heartbeat(what, size, limit) : null;
  }

  private long exact(@Nullable Object... values) {
    if (converter instanceof DefaultDataConverter) {
      return CallSize.bytes(values, ALL);
    }
    Optional<Payloads> encoded = converter.toPayloads(values);
    return encoded.map(payloads -> (long) payloads.getSerializedSize()).orElse(0L);
  }
}
