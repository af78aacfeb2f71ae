package io.millrace.activities.registry;

import io.millrace.core.serving.PrintableText;
import io.millrace.workflows.training.TrainingFailures;
import io.temporal.failure.ApplicationFailure;

/** Failures that name the server, what was asked of it, and what to do. */
final class MlflowFailures {
  private static final int MAX_ANSWER = 300;

  private MlflowFailures() {}

  /** The server answered 4xx: it would again. The failure's detail is the status. */
  static ApplicationFailure refused(String url, String what, int status, String answer) {
    return ApplicationFailure.newNonRetryableFailure(
        "MLflow at %s refused to %s, with status %d: %s"
            .formatted(url, shorten(what), status, shorten(answer)),
        TrainingFailures.REGISTRY_REFUSED,
        status);
  }

  /** The server cannot be reached, is too slow or answered 5xx. */
  static ApplicationFailure unavailable(String url, String what, String why) {
    return ApplicationFailure.newFailure(
        "MLflow at %s gave no answer to '%s': %s. Check that it runs (scripts/millrace status)."
            .formatted(url, shorten(what), shorten(why)),
        TrainingFailures.UNAVAILABLE);
  }

  private static String shorten(String text) {
    return PrintableText.of(text.replaceAll("\\s+", " ").trim(), MAX_ANSWER);
  }
}
