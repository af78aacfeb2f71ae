package io.millrace.core.serving;

/** Thrown when a model file is damaged, or uses what the Java scorer does not do. */
public final class UnsupportedModelException extends IllegalArgumentException {

  private static final long serialVersionUID = 1L;

  UnsupportedModelException(String message) {
    super(message);
  }

  UnsupportedModelException(String message, Throwable cause) {
    super(message, cause);
  }
}
