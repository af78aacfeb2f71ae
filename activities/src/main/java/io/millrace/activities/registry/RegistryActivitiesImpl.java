package io.millrace.activities.registry;

import static io.millrace.activities.PipelineException.translated;

import io.millrace.activities.PipelineException;
import io.millrace.activities.training.ArtifactStore;
import io.millrace.core.models.ModelDefinition;
import io.millrace.core.registry.ModelRegistry;
import io.millrace.core.registry.ModelVersion;
import io.millrace.core.registry.PromotionRefusedException;
import io.millrace.core.registry.PromotionRequest;
import io.millrace.core.serving.GoldenBatch;
import io.millrace.core.training.BaselineStatistics;
import io.millrace.core.training.CategoryMappings;
import io.millrace.engine.Heartbeats;
import io.millrace.workflows.PipelineFailure;
import io.millrace.workflows.registry.RegisteredVersion;
import io.millrace.workflows.registry.RegistrationRequest;
import io.millrace.workflows.registry.RegistryActivities;
import io.millrace.workflows.training.Evaluation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mlflow.api.proto.Service;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** See {@link RegistryActivities}. */
public final class RegistryActivitiesImpl implements RegistryActivities {
  private static final Logger LOG = LoggerFactory.getLogger(RegistryActivitiesImpl.class);

  private final ModelDefinition definition;
  private final MlflowTracking tracking;
  private final MlflowRegistry mlflow;
  private final ModelRegistry registry;
  private final ArtifactStore store;

  /**
   * Registers and promotes.
   *
   * @param mlflow where versions and their artifacts are
   * @param registry decides which version serves
   */
  public RegistryActivitiesImpl(
      ModelDefinition definition,
      MlflowTracking tracking,
      MlflowRegistry mlflow,
      ModelRegistry registry,
      ArtifactStore store) {
    this.definition = definition;
    this.tracking = tracking;
    this.mlflow = mlflow;
    this.registry = registry;
    this.store = store;
  }

  @Override
  public RegisteredVersion saveResults(RegistrationRequest request) {
    return Heartbeats.during(() -> translated(() -> register(request)));
  }

  private RegisteredVersion register(RegistrationRequest request) {
    Service.RunInfo run = finalRun(request);
    upload(request, run);
    tracking.log(
        run.getRunId(), TrainingRecord.metrics(request), TrainingRecord.params(request), Map.of());
    ModelVersion version = version(request, run);
    List<String> aliases = new ArrayList<>();
    List<String> reasons = new ArrayList<>(request.gate().reasons());
    if (request.gate().promote()) {
      try {
        aliases.addAll(registry.promote(promotion(request, version)).aliases());
      } catch (PromotionRefusedException e) {
        reasons.add(String.valueOf(e.getMessage()));
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

  private static PromotionRequest promotion(RegistrationRequest request, ModelVersion version) {
    Evaluation evaluation = request.evaluation();
    return PromotionRequest.afterGate(
        version.name(),
        version.version(),
        "training_pipeline, run " + request.workflowId(),
        "passed the gate",
        new PromotionRequest.Comparison(evaluation.championVersion(), evaluation.becomesBest()));
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
            definition,
            ubj,
            read(base + "model.json"),
            mappings,
            read(base + BaselineStatistics.FILE_NAME),
            read(base + GoldenBatch.FILE_NAME),
            run.getRunId(),
            request.startedAt())
        .forEach((path, bytes) -> mlflow.putArtifact(run.getArtifactUri(), "model/" + path, bytes));
    mlflow.putArtifact(run.getArtifactUri(), CategoryMappings.FILE_NAME, mappings);
  }

  private byte[] read(String uri) {
    return store
        .get(store.key(uri))
        .orElseThrow(
            () ->
                new PipelineException(
                    PipelineFailure.DATASET_CORRUPT, uri + " is gone. Start the run again."));
  }

  /** The version of this run: found if an earlier attempt made it, else made. */
  private ModelVersion version(RegistrationRequest request, Service.RunInfo run) {
    List<ModelVersion> found = mlflow.versionsOfRun(request.modelName(), run.getRunId());
    if (!found.isEmpty()) {
      return found.get(0);
    }
    mlflow.ensureModel(request.modelName(), definition.description());
    return mlflow.createVersion(
        request.modelName(),
        run.getRunId(),
        run.getArtifactUri() + "/model",
        definition.description(),
        TrainingRecord.tags(request));
  }
}
