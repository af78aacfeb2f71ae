package io.millrace.serving.models;

/**
 * The registry has answered that there is no such model or version. A registry that gave no answer
 * is a {@link RegistryAwayException}: what is gone is withdrawn, what is away is kept.
 */
public final class NotRegisteredException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Names the model or the version. */
  public NotRegisteredException(String message) {
    super(message);
  }
}
