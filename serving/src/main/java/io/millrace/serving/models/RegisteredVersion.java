package io.millrace.serving.models;

import io.millrace.core.registry.RegistryUnavailableException;
import java.util.function.Supplier;

/** A version as it is registered at this moment. Its files are read only by {@link #load}. */
public interface RegisteredVersion {
  /**
   * What tells it from another version that has had the same number: a model can be deleted and
   * made again.
   */
  String identity();

  /** Differs whenever somebody changed anything about the version that could let it load. */
  String revision();

  /**
   * Reads its files.
   *
   * @throws IllegalArgumentException naming the file that is missing, damaged or does not fit
   * @throws RegistryUnavailableException if the files cannot be reached
   */
  VersionFiles load();

  /** A version about which nothing ever changes. */
  static RegisteredVersion of(String identity, Supplier<VersionFiles> files) {
    return new RegisteredVersion() {
      @Override
      public String identity() {
        return identity;
      }

      @Override
      public String revision() {
        return identity;
      }

      @Override
      public VersionFiles load() {
        return files.get();
      }
    };
  }
}
