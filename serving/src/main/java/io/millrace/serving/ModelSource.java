package io.millrace.serving;

import java.util.Optional;

/** Where the models come from: in production, the model registry. */
public interface ModelSource {

  /**
   * Loads the version that an alias points at.
   *
   * @param name the registered model, for example {@code purchase_prediction_model}
   * @param alias the alias, for example {@code champion}
   * @return empty if there is no such model, or no such alias on it
   * @throws RuntimeException if the registry cannot be reached or the version cannot be read
   */
  Optional<ServedModel> load(String name, String alias);
}
