package io.millrace.serving.models;

import io.millrace.core.registry.NotRegisteredException;
import io.millrace.core.registry.RegistryUnavailableException;
import java.util.List;

/** Where the models come from: in production, the model registry. May be slow; may fail. */
public interface ModelSource {

  /**
   * What the aliases of a registered model point at, in one cheap request.
   *
   * @throws NotRegisteredException if the registry says that there is no such model
   * @throws RegistryUnavailableException if the registry cannot be reached
   */
  Rollout rollout(String model);

  /**
   * A version of a model, without its files, in one cheap request.
   *
   * @throws NotRegisteredException if the registry says that there is no such version
   * @throws RegistryUnavailableException if the registry cannot be reached
   */
  RegisteredVersion find(String model, String version);

  /**
   * The registered models, by name.
   *
   * @throws RegistryUnavailableException if the registry cannot be reached
   */
  List<String> models();
}
