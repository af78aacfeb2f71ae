package io.millrace.core.input;

import java.io.IOException;

/**
 * The content cannot be read, as opposed to the connection or the disk that it comes from. The
 * message says what is wrong and where, and holds none of the content's text.
 */
public final class UnreadableInputException extends IOException {
  private static final long serialVersionUID = 1L;

  UnreadableInputException(String message) {
    super(message);
  }

  /** What is wrong and where. */
  public String reason() {
    return String.valueOf(getMessage());
  }
}
