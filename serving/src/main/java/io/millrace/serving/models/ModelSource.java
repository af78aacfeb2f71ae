package io.millrace.serving.models;

import java.util.List;

/** Where the models come from: in production, the model registry. May be slow; may fail. */
public interface ModelSource {

  /**
   * What the aliases of a registered model point at, in one cheap request.
   *
   * @throws NotRegisteredException if the registry says that there is no such model
   * @throws RegistryAwayException if the registry cannot be reached
   */
  Rollout rollout(String model);

  /**
   * A version of a model, without its files, in one cheap request.
   *
   * @throws NotRegisteredException if the registry says that there is no such version
   * @throws RegistryAwayException if the registry cannot be reached
   */
  RegisteredVersion find(String model, String version);

  /**
   * The registered models, by name.
   *
   * @throws RegistryAwayException if the registry cannot be reached
   */
  List<String> models();

  /**
   * Points the alias {@code champion} of a model at a version.
   *
   * @throws NotRegisteredException if the registry says that there is no such version
   * @throws RegistryAwayException if the registry cannot be reached
   */
  void promote(String model, String version);

  /**
   * Says which part of the users the canary serves.
   *
   * @param share 0 to 1
   * @throws NotRegisteredException if the registry says that there is no such model
   * @throws RegistryAwayException if the registry cannot be reached
   */
  void shareCanary(String model, double share);
}
