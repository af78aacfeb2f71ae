package io.millrace.activities.lake;

/** An object of which nothing can be loaded; the message is the reason to keep. */
final class UnreadableObjectException extends Exception {
  private static final long serialVersionUID = 1L;

  UnreadableObjectException(String message) {
    super(message);
  }

  UnreadableObjectException(String message, Throwable cause) {
    super(message, cause);
  }
}
