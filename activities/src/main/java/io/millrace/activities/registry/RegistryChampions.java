package io.millrace.activities.registry;

import io.millrace.activities.training.ChampionSource;
import io.millrace.activities.training.PurchaseModel;
import io.millrace.core.training.CategoryMappings;
import io.millrace.workflows.training.TrainingFailures;
import io.temporal.failure.ApplicationFailure;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The champion from MLflow's registry, with the mappings it was trained with. */
public final class RegistryChampions implements ChampionSource {
  private final MlflowRegistry registry;

  public RegistryChampions(MlflowRegistry registry) {
    this.registry = registry;
  }

  @Override
  public Optional<Champion> champion(String modelName) {
    return registry
        .byAlias(modelName, RegistryActivitiesImpl.CHAMPION)
        .map(
            version ->
                new Champion(
                    version.version(),
                    new PurchaseModel(
                        read(version, ModelPackage.MODEL_FILE),
                        CategoryMappings.fromJson(
                            new String(
                                read(version, CategoryMappings.FILE_NAME),
                                StandardCharsets.UTF_8)))));
  }

  private byte[] read(MlflowRegistry.Version version, String file) {
    return registry
        .artifacts(version)
        .read(file)
        .orElseThrow(
            () ->
                ApplicationFailure.newNonRetryableFailure(
                    "Champion %s version %s has no %s below %s, so the candidate cannot be compared. Move the alias to a complete version, or delete the alias."
                        .formatted(version.name(), version.version(), file, version.source()),
                    TrainingFailures.MODEL_UNREADABLE));
  }
}
