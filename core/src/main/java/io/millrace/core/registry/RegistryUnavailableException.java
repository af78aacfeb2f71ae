package io.millrace.core.registry;

/**
 * The registry or its artifact store gave no answer, or refused access, so nothing is known. Trying
 * again can help.
 */
public final class RegistryUnavailableException extends RegistryException {
  private static final long serialVersionUID = 1L;

  /** Says what was asked, and what came instead of an answer. */
  public RegistryUnavailableException(String message) {
    super(message);
  }

  public RegistryUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
