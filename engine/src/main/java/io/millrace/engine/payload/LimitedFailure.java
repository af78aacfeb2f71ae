package io.millrace.engine.payload;

import io.temporal.common.converter.EncodedValues;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.TemporalFailure;
import io.temporal.serviceclient.CheckedExceptionWrapper;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the text of a failure to what 500 of one run may send at once: the server replaces a failure
 * that is too large by one without type or message. Type, retry and delay stay as they are.
 */
final class LimitedFailure {

  private static final int MESSAGE = 4_000;
  private static final int FRAMES = 100;
  private static final int CAUSES = 5;

  private LimitedFailure() {}

  /** The same exception if it is small enough, as nearly all are. */
  static RuntimeException cut(RuntimeException thrown, Measure measure) {
    Throwable failure = CheckedExceptionWrapper.unwrap(thrown);
    if (isSmall(failure, measure)) {
      return thrown;
    }
    return failure instanceof TemporalFailure && !(failure instanceof ApplicationFailure)
        ? thrown
        : smaller(failure, measure, CAUSES);
  }

  private static boolean isSmall(Throwable failure, Measure measure) {
    int causes = 0;
    for (Throwable at = failure; at != null; at = at.getCause()) {
      String message = at.getMessage();
      boolean large =
          causes++ > CAUSES
              || (message != null && message.length() > MESSAGE)
              || at.getStackTrace().length > FRAMES
              || detailsSize(at, measure) > 0;
      if (large) {
        return false;
      }
    }
    return true;
  }

  private static ApplicationFailure smaller(Throwable failure, Measure measure, int causes) {
    Throwable cause = failure.getCause();
    ApplicationFailure.Builder builder =
        ApplicationFailure.newBuilder().setType(failure.getClass().getName());
    String message = failure.getMessage();
    if (failure instanceof ApplicationFailure given) {
      message = given.getOriginalMessage();
      builder
          .setType(given.getType())
          .setNonRetryable(given.isNonRetryable())
          .setNextRetryDelay(given.getNextRetryDelay())
          .setCategory(given.getCategory());
      long details = detailsSize(given, measure);
      if (details == 0) {
        builder.setDetails(given.getDetails());
      } else {
        message =
            "%s [its details of %,d bytes are left out: more than %,d bytes]"
                .formatted(message, details, measure.limits().result());
      }
    }
    if (cause != null && causes > 0) {
      builder.setCause(
          cause instanceof TemporalFailure && !(cause instanceof ApplicationFailure)
              ? cause
              : smaller(cause, measure, causes - 1));
    }
    ApplicationFailure smaller = builder.setMessage(shorten(message)).build();
    StackTraceElement[] frames = failure.getStackTrace();
    smaller.setStackTrace(Arrays.copyOf(frames, Math.min(frames.length, FRAMES)));
    return smaller;
  }

  private static @Nullable String shorten(@Nullable String message) {
    return message == null || message.length() <= MESSAGE
        ? message
        : "%s… (%,d characters in all)".formatted(message.substring(0, MESSAGE), message.length());
  }

  /** The bytes of details that are too large for the history, else 0. */
  private static long detailsSize(Throwable failure, Measure measure) {
    if (measure.hasStore()
        || !(failure instanceof ApplicationFailure application)
        || !(application.getDetails() instanceof EncodedValues details)) {
      return 0;
    }
    // What it encodes is kept and sent, so this is the client's converter.
    details.setDataConverter(measure.converter());
    long size = details.toPayloads().map(payloads -> payloads.getSerializedSize()).orElse(0);
    return size > measure.limits().result() ? size : 0;
  }
}
