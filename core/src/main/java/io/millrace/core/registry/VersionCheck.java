package io.millrace.core.registry;

/** Loads a version and scores its golden batch, before any user may get its answers. */
@FunctionalInterface
public interface VersionCheck {
  /**
   * Returns if the version can serve.
   *
   * @throws IllegalArgumentException naming what is damaged or predicts something else
   * @throws RegistryException if it cannot be read
   */
  void verify(String model, String version);
}
