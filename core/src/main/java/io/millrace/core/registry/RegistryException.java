package io.millrace.core.registry;

/** A registry could not do what was asked; the message names the thing and the remedy. */
public abstract sealed class RegistryException extends RuntimeException
    permits NotRegisteredException,
        PromotionRefusedException,
        RegistryRefusedException,
        RegistryUnavailableException {
  private static final long serialVersionUID = 1L;

  RegistryException(String message) {
    super(message);
  }

  RegistryException(String message, Throwable cause) {
    super(message, cause);
  }
}
