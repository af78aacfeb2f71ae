package io.millrace.serving.models;

/** The registry or its artifact store gave no answer, or refused access: nothing is known by it. */
public final class RegistryAwayException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Says what was asked, and what came instead of an answer. */
  public RegistryAwayException(String message) {
    super(message);
  }

  public RegistryAwayException(String message, Throwable cause) {
    super(message, cause);
  }
}
