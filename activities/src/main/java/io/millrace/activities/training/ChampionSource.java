package io.millrace.activities.training;

import java.util.Optional;

/** Where the model to beat comes from. */
public interface ChampionSource {
  /**
   * The version that the alias points at.
   *
   * @param version in the registry
   */
  record Champion(String version, PurchaseModel model) {}

  /** The current champion of a registered model, empty if there is none. */
  Optional<Champion> champion(String modelName);
}
