package io.millrace.serving.models;

/** Thrown for a model or a version that is not served, or not registered: 404. */
public final class UnknownModelException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public UnknownModelException(String message) {
    super(message);
  }
}
