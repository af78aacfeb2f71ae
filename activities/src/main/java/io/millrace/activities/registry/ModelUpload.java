package io.millrace.activities.registry;

import io.millrace.core.registry.ModelVersion;
import java.time.Clock;
import java.util.Map;
import org.mlflow.api.proto.Service;

/** Registers a model that was trained elsewhere. */
public final class ModelUpload {
  private static final String FOLDER = "model";

  private final MlflowTracking tracking;
  private final MlflowRegistry registry;
  private final Clock clock;

  public ModelUpload(MlflowTracking tracking, MlflowRegistry registry, Clock clock) {
    this.tracking = tracking;
    this.registry = registry;
    this.clock = clock;
  }

  /**
   * Makes a new version, in an experiment of the model's name. Its aliases stay where they are.
   *
   * @param files by name, such as {@code model.ubj} and {@code serving_schema.json}
   */
  public ModelVersion register(String model, String description, Map<String, byte[]> files) {
    Service.RunInfo run =
        tracking.createRun(
            tracking.experiment(model), "upload", clock.millis(), Map.of("upload", "true"));
    files.forEach(
        (name, bytes) -> registry.putArtifact(run.getArtifactUri(), FOLDER + "/" + name, bytes));
    tracking.end(run.getRunId(), Service.RunStatus.FINISHED, clock.millis());
    registry.ensureModel(model, description);
    return registry.createVersion(
        model, run.getRunId(), run.getArtifactUri() + "/" + FOLDER, description, Map.of());
  }
}
