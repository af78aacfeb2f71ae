package io.millrace.core.registry;

import io.millrace.core.serving.PrintableText;

/**
 * The registry has answered that there is no such model or version. A registry that gave no answer
 * is a {@link RegistryUnavailableException}.
 */
public final class NotRegisteredException extends RegistryException {
  private static final long serialVersionUID = 1L;

  /** Names the model or the version. */
  public NotRegisteredException(String message) {
    super(message);
  }

  /** There is no such model. */
  public static NotRegisteredException model(String name) {
    return new NotRegisteredException(
        "No model '%s' is registered".formatted(PrintableText.of(name)));
  }

  /** The model, if there is one, has no such version. */
  public static NotRegisteredException version(String name, String version) {
    return new NotRegisteredException(
        "Version %s of '%s' is not registered"
            .formatted(PrintableText.of(version), PrintableText.of(name)));
  }
}
