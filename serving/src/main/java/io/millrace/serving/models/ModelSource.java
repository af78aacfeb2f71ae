package io.millrace.serving.models;

import java.util.List;

/** Where the models come from: in production, the model registry. May be slow; may fail. */
public interface ModelSource {

  /**
   * What the aliases of a registered model point at, in one cheap request.
   *
   * @throws UnknownModelException if there is no such model
   * @throws RuntimeException if the registry cannot be reached
   */
  Rollout rollout(String model);

  /**
   * Loads all that is needed to serve a version.
   *
   * @throws RuntimeException naming the artifact that is missing or damaged, or if the registry
   *     cannot be reached
   */
  VersionFiles load(String model, String version);

  /** The registered models, by name. */
  List<String> models();

  /**
   * Points the alias {@code champion} of a model at a version.
   *
   * @throws RuntimeException if there is no such version, or the registry cannot be reached
   */
  void promote(String model, String version);

  /**
   * Says which part of the users the canary serves.
   *
   * @param share 0 to 1
   */
  void shareCanary(String model, double share);
}
