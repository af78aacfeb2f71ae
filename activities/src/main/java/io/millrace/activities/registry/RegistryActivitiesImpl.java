package io.millrace.activities.registry;

import io.millrace.activities.training.ArtifactStore;
import io.millrace.core.serving.GoldenBatch;
import io.millrace.core.training.BaselineStatistics;
import io.millrace.core.training.BinaryMetrics;
import io.millrace.core.training.CategoryMappings;
import io.millrace.engine.Heartbeats;
import io.millrace.workflows.registry.RegisteredVersion;
import io.millrace.workflows.registry.RegistrationRequest;
import io.millrace.workflows.registry.RegistryActivities;
import io.millrace.workflows.training.TrainingFailures;
import io.temporal.failure.ApplicationFailure;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
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
  private static final int MAX_TAG = 4_000;

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
    tracking.log(run.getRunId(), metrics(request), params(request), Map.of());
    MlflowRegistry.Version version = version(request, run);
    List<String> aliases = new ArrayList<>();
    List<String> reasons = new ArrayList<>(request.gate().reasons());
    if (request.gate().promote()) {
      promote(version, aliases, reasons);
      promoted.accept(version.name());
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
    String experiment = tracking.experiment(Experiments.finalModel(request.startedAt()));
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
        experiment, request.workflowId(), request.startedAt().toEpochMilli(), tags);
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

  private static List<Service.Metric> metrics(RegistrationRequest request) {
    long at = request.startedAt().toEpochMilli(); // the same in a retry, so that it adds nothing
    List<Service.Metric> metrics = new ArrayList<>();
    add(metrics, "test", request.evaluation().candidate(), at);
    add(metrics, "baseline", request.evaluation().baseline(), at);
    if (request.evaluation().champion() != null) {
      add(metrics, "champion", Objects.requireNonNull(request.evaluation().champion()), at);
    }
    metrics.add(
        MlflowTracking.metric(
            "test_base_rate", request.evaluation().candidate().baseRate(), at, 0));
    if (request.evaluation().scorerDifference() != null) {
      metrics.add(
          MlflowTracking.metric(
              "scorer_max_difference",
              Objects.requireNonNull(request.evaluation().scorerDifference()),
              at,
              0));
    }
    metrics.add(
        MlflowTracking.metric("tuned_validation_logloss", request.tuning().bestLoss(), at, 0));
    return metrics;
  }

  private static void add(List<Service.Metric> metrics, String who, BinaryMetrics values, long at) {
    metrics.add(MlflowTracking.metric(who + "_logloss", values.logloss(), at, 0));
    metrics.add(MlflowTracking.metric(who + "_auc", values.auc(), at, 0));
    metrics.add(MlflowTracking.metric(who + "_pr_auc", values.prAuc(), at, 0));
    metrics.add(MlflowTracking.metric(who + "_brier", values.brier(), at, 0));
    metrics.add(
        MlflowTracking.metric(who + "_calibration_error", values.calibrationError(), at, 0));
    metrics.add(
        MlflowTracking.metric(who + "_calibration_noise", values.calibrationNoise(), at, 0));
  }

  private static Map<String, String> params(RegistrationRequest request) {
    Map<String, String> params = new LinkedHashMap<>();
    request
        .candidate()
        .params()
        .asMap()
        .forEach((name, value) -> params.put(name, String.valueOf(value)));
    params.put("rounds", Integer.toString(request.candidate().rounds()));
    params.put("seed", Long.toString(request.candidate().seed()));
    params.put("objective", "binary:logistic");
    params.put("tree_method", "hist");
    params.put("dataset", request.dataset().uri());
    params.put("dataset_sha256", request.dataset().sha256());
    params.put("dataset_rows", Long.toString(request.dataset().rows()));
    params.put("dataset_positives", Long.toString(request.dataset().positives()));
    params.put("dataset_watermark", request.dataset().watermark().toString());
    return params;
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
        tags(request));
  }

  private static Map<String, String> tags(RegistrationRequest request) {
    BinaryMetrics candidate = request.evaluation().candidate();
    Map<String, String> tags = new LinkedHashMap<>();
    tags.put("training_date", request.startedAt().toString());
    tags.put(
        "metrics",
        String.format(
            Locale.ROOT,
            "{\"logloss\":%.6f,\"auc\":%.6f,\"pr_auc\":%.6f,\"rmse\":%.6f}",
            candidate.logloss(),
            candidate.auc(),
            candidate.prAuc(),
            Math.sqrt(candidate.brier())));
    tags.put("dataset", request.dataset().uri());
    tags.put("dataset_sha256", request.dataset().sha256());
    tags.put("model_sha256", request.candidate().modelSha256());
    tags.put(Experiments.TEMPORAL_RUN, request.temporalRunId());
    tags.put("gate", request.gate().promote() ? "passed" : "held");
    if (!request.gate().promote()) {
      String reasons = String.join("; ", request.gate().reasons());
      tags.put("gate_reasons", reasons.substring(0, Math.min(MAX_TAG, reasons.length())));
    }
    if (request.gitSha() != null) {
      tags.put("git_sha", Objects.requireNonNull(request.gitSha()));
    }
    return tags;
  }

  /** Moves both aliases, but never back: a late retry must not undo a newer run's promotion. */
  private void promote(MlflowRegistry.Version version, List<String> aliases, List<String> reasons) {
    for (String alias : List.of(CHAMPION, CURRENT)) {
      Optional<MlflowRegistry.Version> before = registry.byAlias(version.name(), alias);
      if (before.isPresent()
          && MlflowRegistry.number(before.get()) > MlflowRegistry.number(version)) {
        reasons.add(
            "%s already points at the newer version %s".formatted(alias, before.get().version()));
        continue;
      }
      registry.setAlias(version.name(), alias, version.version());
      aliases.add(alias);
    }
  }
}
