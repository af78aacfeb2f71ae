package io.millrace.activities.registry;

import io.millrace.core.registry.RegistryRefusedException;
import io.millrace.core.registry.RegistryUnavailableException;
import io.millrace.core.serving.PrintableText;

/** Failures that name the server, what was asked of it, and what to do. */
final class MlflowFailures {
  private static final int MAX_ANSWER = 300;

  private MlflowFailures() {}

  /** The server answered 4xx: it would again. */
  static RegistryRefusedException refused(String url, String what, int status, String answer) {
    return new RegistryRefusedException(
        "MLflow at %s refused to %s, with status %d: %s"
            .formatted(url, shorten(what), status, shorten(answer)),
        status);
  }

  /** The server cannot be reached, is too slow or answered 5xx. */
  static RegistryUnavailableException unavailable(String url, String what, String why) {
    return new RegistryUnavailableException(
        "MLflow at %s gave no answer to '%s': %s. Check that it runs (scripts/millrace status)."
            .formatted(url, shorten(what), shorten(why)));
  }

  private static String shorten(String text) {
    return PrintableText.of(text.replaceAll("\\s+", " ").trim(), MAX_ANSWER);
  }
}
