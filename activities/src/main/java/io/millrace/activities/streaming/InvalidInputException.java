package io.millrace.activities.streaming;

/** An input that cannot be replayed at all; the message says why and what was expected. */
public final class InvalidInputException extends RuntimeException {

  public InvalidInputException(String message) {
    super(message);
  }
}
