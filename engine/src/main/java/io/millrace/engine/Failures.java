package io.millrace.engine;

import io.temporal.api.enums.v1.RetryState;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.failure.TemporalFailure;
import io.temporal.failure.TimeoutFailure;

/** Reads what Temporal says of a task that failed. */
final class Failures {

  private Failures() {}

  /** Whether the activity asked for its task to be skipped. */
  static boolean isSkip(Throwable failure) {
    return isOfType(failure, TaskSkipped.TYPE);
  }

  static boolean isOfType(Throwable failure, String type) {
    return rootOf(failure) instanceof ApplicationFailure application
        && application.getType().equals(type);
  }

  /** What the activity itself said, without the name of the failure's type. */
  static String reasonOf(Throwable failure) {
    return rootOf(failure) instanceof ApplicationFailure application
        ? application.getOriginalMessage()
        : messageOf(failure);
  }

  static boolean isCancel(Throwable failure) {
    return rootOf(failure) instanceof CanceledFailure;
  }

  static boolean isTimeout(Throwable failure) {
    return rootOf(failure) instanceof TimeoutFailure;
  }

  /** Temporal has the number of attempts only of a task that has used all of them. */
  static boolean usedAllTries(Throwable failure) {
    return failure instanceof ActivityFailure activity
        && activity.getRetryState() == RetryState.RETRY_STATE_MAXIMUM_ATTEMPTS_REACHED;
  }

  static String messageOf(Throwable failure) {
    Throwable root = rootOf(failure);
    if (root instanceof CanceledFailure) {
      return "cancelled";
    }
    if (root instanceof TimeoutFailure timeout) {
      return timedOut(timeout);
    }
    if (root instanceof ApplicationFailure application) {
      return "%s: %s".formatted(application.getType(), application.getOriginalMessage());
    }
    return root.getClass().getSimpleName() + ": " + root.getMessage();
  }

  private static String timedOut(TimeoutFailure timeout) {
    return switch (timeout.getTimeoutType()) {
      case TIMEOUT_TYPE_START_TO_CLOSE -> "timed out: a try took longer than its attempt timeout";
      case TIMEOUT_TYPE_HEARTBEAT -> "timed out: no heartbeat; the worker died or hangs";
      case TIMEOUT_TYPE_SCHEDULE_TO_CLOSE -> "timed out: all tries together took too long";
      default -> "timed out: %s".formatted(timeout.getTimeoutType());
    };
  }

  static Throwable rootOf(Throwable failure) {
    Throwable root = failure;
    while (!(root instanceof ApplicationFailure)
        && root instanceof TemporalFailure
        && root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }
}
