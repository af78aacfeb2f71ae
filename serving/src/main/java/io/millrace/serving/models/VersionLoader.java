package io.millrace.serving.models;

import io.millrace.core.registry.NotRegisteredException;
import io.millrace.core.registry.RegistryUnavailableException;

/** Loads versions; one that has a golden batch has predicted it before it is returned. */
@FunctionalInterface
public interface VersionLoader {
  /**
   * Loads a version.
   *
   * @param alias what its answers say
   * @throws NotRegisteredException if the registry says that there is no such version
   * @throws IllegalArgumentException if it is damaged, or its parts do not fit together, or it
   *     predicts otherwise than its training
   * @throws RegistryUnavailableException if the registry cannot be reached
   */
  ServedVersion load(String model, String version, String alias);

  /** Loads from a registry. */
  static VersionLoader of(ModelSource source, GoldenCheck golden) {
    return (model, version, alias) -> {
      RegisteredVersion registered = source.find(model, version);
      VersionFiles files = registered.load();
      ServedVersion loaded = ServedVersion.of(model, version, alias, registered.identity(), files);
      if (files.golden() != null) {
        golden.verify(loaded, files.golden());
      }
      return loaded;
    };
  }
}
