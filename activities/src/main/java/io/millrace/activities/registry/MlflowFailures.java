package io.millrace.activities.registry;

import io.millrace.workflows.training.TrainingFailures;
import io.temporal.failure.ApplicationFailure;

/** Failures that name the server, what was asked of it, and what to do. */
final class MlflowFailures {
  private static final int MAX_ANSWER = 300;

  private MlflowFailures() {}

  /** The server answered 4xx: it would again. */
  static ApplicationFailure refused(String url, String what, int status, String answer) {
    return ApplicationFailure.newNonRetryableFailure(
        "MLflow at %s refused %s with %d: %s. Check the server's version (3.x) and its log."
            .formatted(url, what, status, shorten(answer)),
        TrainingFailures.REGISTRY_REFUSED);
  }

  /** The server cannot be reached, is too slow or answered 5xx. */
  static ApplicationFailure unavailable(String url, String what, String why) {
    return ApplicationFailure.newFailure(
        "MLflow at %s could not do %s: %s. Check that it runs (scripts/millrace status)."
            .formatted(url, what, shorten(why)),
        TrainingFailures.UNAVAILABLE);
  }

  private static String shorten(String text) {
    String line = text.replaceAll("\\s+", " ").trim();
    return line.length() <= MAX_ANSWER ? line : line.substring(0, MAX_ANSWER) + "…";
  }
}
