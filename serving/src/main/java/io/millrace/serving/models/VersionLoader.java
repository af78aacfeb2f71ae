package io.millrace.serving.models;

/** Loads versions; one that has a golden batch has predicted it before it is returned. */
@FunctionalInterface
public interface VersionLoader {
  /**
   * Loads a version.
   *
   * @param alias what its answers say
   * @throws IllegalArgumentException if there is no such version, or it is damaged, or it predicts
   *     otherwise than its training
   * @throws RuntimeException if the registry cannot be reached
   */
  ServedVersion load(String model, String version, String alias);

  /** Loads from a registry. */
  static VersionLoader of(ModelSource source, GoldenCheck golden) {
    return (model, version, alias) -> {
      VersionFiles files = source.load(model, version);
      ServedVersion loaded = ServedVersion.of(model, version, alias, files);
      if (files.golden() != null) {
        golden.verify(loaded, files.golden());
      }
      return loaded;
    };
  }
}
