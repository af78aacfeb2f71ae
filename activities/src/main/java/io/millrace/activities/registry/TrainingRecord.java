package io.millrace.activities.registry;

import io.millrace.core.registry.ModelVersion;
import io.millrace.core.training.BinaryMetrics;
import io.millrace.core.training.ModelComparison;
import io.millrace.workflows.registry.RegistrationRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.mlflow.api.proto.Service;

/**
 * What MLflow keeps of a training: the metrics and params of its run, and the tags of its version.
 */
final class TrainingRecord {
  private static final int MAX_TAG = 4_000;

  private TrainingRecord() {}

  static List<Service.Metric> metrics(RegistrationRequest request) {
    long at = request.startedAt().toEpochMilli(); // the same in a retry, so that it adds nothing
    List<Service.Metric> metrics = new ArrayList<>();
    add(metrics, "test", request.evaluation().candidate(), at);
    add(metrics, "baseline", request.evaluation().baseline(), at);
    request.evaluation().allComparisons().forEach(comparison -> add(metrics, comparison, at));
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

  private static void add(List<Service.Metric> metrics, ModelComparison comparison, long at) {
    ModelComparison.Result result = comparison.result();
    if (result != null) {
      String name = "auc_above_" + comparison.alias();
      metrics.add(MlflowTracking.metric(name, result.auc().difference(), at, 0));
      metrics.add(MlflowTracking.metric(name + "_error", result.auc().standardError(), at, 0));
      metrics.add(MlflowTracking.metric(name + "_rows", (double) comparison.rows(), at, 0));
    }
  }

  static Map<String, String> params(RegistrationRequest request) {
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
    params.put(RegistryChampions.WATERMARK, request.dataset().watermark().toString());
    Instant until = request.dataset().trainedUntil();
    if (until != null) {
      params.put(RegistryChampions.TRAINED_UNTIL, until.toString());
    }
    Integer horizon = request.dataset().labelHorizonMinutes();
    if (horizon != null) {
      params.put("label_horizon_minutes", horizon.toString());
    }
    return params;
  }

  static Map<String, String> tags(RegistrationRequest request) {
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
    Instant until = request.dataset().trainedUntil();
    if (until != null) {
      tags.put(RegistryChampions.TRAINED_UNTIL, until.toString());
    }
    List<String> statement = request.gate().statement();
    if (statement != null) {
      tags.put("gate_statement", cut(String.join("\n", statement)));
    }
    tags.put(ModelVersion.GATE, request.gate().promote() ? ModelVersion.PASSED : "held");
    if (!request.gate().promote()) {
      tags.put("gate_reasons", cut(String.join("; ", request.gate().reasons())));
    }
    if (request.gitSha() != null) {
      tags.put("git_sha", Objects.requireNonNull(request.gitSha()));
    }
    return tags;
  }

  private static String cut(String text) {
    return text.substring(0, Math.min(MAX_TAG, text.length()));
  }
}
