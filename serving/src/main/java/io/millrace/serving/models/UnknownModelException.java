package io.millrace.serving.models;

/** Thrown for a model that is not registered, or has no version to serve. */
public final class UnknownModelException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public UnknownModelException(String message) {
    super(message);
  }
}
