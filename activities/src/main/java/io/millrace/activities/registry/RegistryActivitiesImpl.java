package io.millrace.activities.registry;

import io.millrace.activities.training.ArtifactStore;
import io.millrace.core.serving.GoldenBatch;
import io.millrace.core.training.BaselineStatistics;
import io.millrace.core.training.CategoryMappings;
import io.millrace.engine.Heartbeats;
import io.millrace.workflows.registry.RegisteredVersion;
import io.millrace.workflows.registry.RegistrationRequest;
import io.millrace.workflows.registry.RegistryActivities;
import io.millrace.workflows.training.TrainingFailures;
import io.temporal.failure.ApplicationFailure;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.mlflow.api.proto.Service;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** See {@link RegistryActivities}. */
public final class RegistryActivitiesImpl implements RegistryActivities {
  /** The alias that serving and the next training look at. */
  public static final String CHAMPION = "champion";

  /** The alias of the seed; moves together with {@link #CHAMPION}. */
  public static final String CURRENT = "current";

  private static final Logger LOG = LoggerFactory.getLogger(RegistryActivitiesImpl.class);
  private static final String DESCRIPTION = "XGBoost model for purchase prediction";

  private final MlflowTracking tracking;
  private final MlflowRegistry registry;
  private final ArtifactStore store;
  private final Consumer<String> promoted;

  /**
   * Registers and promotes.
   *
   * @param promoted told the name of a model whose aliases have moved; must not fail
   */
  public RegistryActivitiesImpl(
      MlflowTracking tracking,
      MlflowRegistry registry,
      ArtifactStore store,
      Consumer<String> promoted) {
    this.tracking = tracking;
    this.registry = registry;
    this.store = store;
    this.promoted = promoted;
  }

  @Override
  public RegisteredVersion saveResults(RegistrationRequest request) {
    return Heartbeats.during(() -> register(request));
  }

  private RegisteredVersion register(RegistrationRequest request) {
    Service.RunInfo run = finalRun(request);
    upload(request, run);
    tracking.log(
        run.getRunId(), TrainingRecord.metrics(request), TrainingRecord.params(request), Map.of());
    MlflowRegistry.Version version = version(request, run);
    List<String> aliases = new ArrayList<>();
    List<String> reasons = new ArrayList<>(request.gate().reasons());
    if (request.gate().promote()) {
      Promotion.Moved moved = new Promotion(registry).promote(version, request.evaluation());
      aliases.addAll(moved.aliases());
      reasons.addAll(moved.reasons());
      if (!moved.aliases().isEmpty()) {
        promoted.accept(version.name());
      }
    }
    tracking.end(run.getRunId(), Service.RunStatus.FINISHED, System.currentTimeMillis());
    LOG.info(
        "model={} version={} aliases={} reasons={}",
        version.name(),
        version.version(),
        aliases,
        reasons);
    return new RegisteredVersion(
        version.name(),
        version.version(),
        run.getRunId(),
        aliases,
        reasons,
        request.evaluation().candidate().auc(),
        request.evaluation().baseline().auc(),
        request.evaluation().candidate().logloss());
  }

  /** The run that stands for this training, found by the Temporal run id or made. */
  private Service.RunInfo finalRun(RegistrationRequest request) {
    String experiment = tracking.experiment(request.modelName());
    List<Service.Run> found =
        tracking.runsByTag(experiment, Experiments.TEMPORAL_RUN, request.temporalRunId());
    if (!found.isEmpty()) {
      return found.get(0).getInfo();
    }
    Map<String, String> tags = new HashMap<>();
    tags.put(Experiments.TEMPORAL_RUN, request.temporalRunId());
    tags.put(Experiments.TEMPORAL_WORKFLOW, request.workflowId());
    tags.put(Experiments.SOURCE, "training_pipeline");
    tags.put("millrace.tuning_run_id", request.tuning().studyRunId());
    Optional.ofNullable(request.gitSha()).ifPresent(sha -> tags.put(Experiments.GIT_COMMIT, sha));
    return tracking.createRun(
        experiment, Experiments.finalRun(request), request.startedAt().toEpochMilli(), tags);
  }

  private void upload(RegistrationRequest request, Service.RunInfo run) {
    String base = request.candidate().uri() + "/";
    byte[] ubj = store.getVerified(base + "model.ubj", request.candidate().modelSha256());
    byte[] mappings = read(base + CategoryMappings.FILE_NAME);
    ModelPackage.files(
            ubj,
            read(base + "model.json"),
            mappings,
            read(base + BaselineStatistics.FILE_NAME),
            read(base + GoldenBatch.FILE_NAME),
            run.getRunId(),
            request.startedAt())
        .forEach(
            (path, bytes) -> registry.putArtifact(run.getArtifactUri(), "model/" + path, bytes));
    registry.putArtifact(run.getArtifactUri(), CategoryMappings.FILE_NAME, mappings);
  }

  private byte[] read(String uri) {
    return store
        .get(store.key(uri))
        .orElseThrow(
            () ->
                ApplicationFailure.newNonRetryableFailure(
                    uri + " is gone. Start the run again.", TrainingFailures.DATASET_CORRUPT));
  }

  /** The version of this run: found if an earlier attempt made it, else made. */
  private MlflowRegistry.Version version(RegistrationRequest request, Service.RunInfo run) {
    List<MlflowRegistry.Version> found =
        registry.versionsOfRun(request.modelName(), run.getRunId());
    if (!found.isEmpty()) {
      return found.get(0);
    }
    registry.ensureModel(request.modelName(), DESCRIPTION);
    return registry.createVersion(
        request.modelName(),
        run.getRunId(),
        run.getArtifactUri() + "/model",
        DESCRIPTION,
        TrainingRecord.tags(request));
  }
}
