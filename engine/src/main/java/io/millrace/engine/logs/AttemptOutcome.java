package io.millrace.engine.logs;

import io.millrace.engine.NotReady;
import io.millrace.engine.TaskSkipped;
import io.temporal.client.ActivityCompletionException;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.CanceledFailure;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How a try has ended. */
enum AttemptOutcome {
  SUCCESS,
  SKIPPED,
  NOT_READY,
  CANCELLED,
  FAILED;

  static AttemptOutcome of(@Nullable Throwable failure) {
    if (failure == null) {
      return SUCCESS;
    }
    if (failure instanceof ActivityCompletionException || failure instanceof CanceledFailure) {
      return CANCELLED;
    }
    return switch (failure instanceof ApplicationFailure told ? told.getType() : "") {
      case TaskSkipped.TYPE -> SKIPPED;
      case NotReady.TYPE -> NOT_READY;
      default -> FAILED;
    };
  }

  String words() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
