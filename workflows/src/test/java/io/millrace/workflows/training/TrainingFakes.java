package io.millrace.workflows.training;

import io.millrace.core.registry.Aliases;
import io.millrace.core.training.BinaryMetrics;
import io.millrace.core.training.ExchangedModels;
import io.millrace.core.training.ModelComparison;
import io.millrace.core.training.PairedAuc;
import io.millrace.core.training.PromotionGate;
import io.millrace.engine.testing.DagTest;
import io.millrace.workflows.registry.RegisteredVersion;
import io.millrace.workflows.registry.RegistrationRequest;
import io.millrace.workflows.tuning.StudyRef;
import io.millrace.workflows.tuning.TrialReport;
import io.millrace.workflows.tuning.TrialRequest;
import io.millrace.workflows.tuning.TuningRequest;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

/**
 * Stands in for every activity of a training run: trial 5 is the best, its loss falls with the
 * rounds.
 */
final class TrainingFakes {
  private static final DatasetRef DATASET =
      new DatasetRef(
          "s3://model-checkpoints/datasets/x/purchase_prediction.csv.gz",
          "ab",
          10_000,
          3_000,
          7_000,
          1_500,
          1_500,
          0.15,
          0.15,
          Instant.parse("2026-11-01T09:00:00Z"),
          Instant.parse("2026-11-01T08:00:00Z"),
          30);

  private final AtomicReference<RegistrationRequest> saved = new AtomicReference<>();
  private final AtomicReference<LoadRequest> loaded = new AtomicReference<>();
  private final AtomicReference<EvaluationRequest> evaluated = new AtomicReference<>();
  private volatile BinaryMetrics candidate = metrics(0.55, 0.75);
  private volatile List<ModelComparison> comparisons = List.of();

  /** The metrics of the model that the next run makes. */
  void candidate(double logloss, double auc) {
    candidate = metrics(logloss, auc);
  }

  /** Lets the next run find a champion 3 with these metrics, measured with this error. */
  void champion(double logloss, double auc, double standardError) {
    PairedAuc areas = new PairedAuc(1_500, 450, 1_000, candidate.auc(), auc, standardError, 300);
    comparisons =
        List.of(
            new ModelComparison(
                Aliases.CHAMPION,
                "3",
                1_500,
                450,
                new ModelComparison.Result(
                    areas, candidate, metrics(logloss, auc), new ExchangedModels.Rate(1_000, 47)),
                null));
  }

  /** What the last run asked to be loaded. */
  LoadRequest loaded() {
    return loaded.get();
  }

  /** What the last run asked to be evaluated. */
  EvaluationRequest evaluated() {
    return evaluated.get();
  }

  /** What the last run registered. */
  RegistrationRequest saved() {
    return saved.get();
  }

  private static BinaryMetrics metrics(double logloss, double auc) {
    return new BinaryMetrics(1_500, 450, logloss, auc, 0.5, 0.2, 0.02, 0);
  }

  DagTest on(DagTest dag) {
    return dag.fake(
            "load_training_data",
            args -> {
              loaded.set(args.get(0, LoadRequest.class));
              return DATASET;
            })
        .fake(
            "open_study",
            args ->
                new StudyRef(
                    "xgb_tune_x",
                    "study",
                    IntStream.range(0, args.get(0, TuningRequest.class).configurations().size())
                        .mapToObj(i -> "trial-run-" + i)
                        .toList()))
        .fake("train_trial", args -> report(args.get(0, TrialRequest.class)))
        .fake("close_study", args -> true)
        .fake(
            "train_final_model",
            args -> {
              FinalModelRequest request = args.get(0, FinalModelRequest.class);
              return new CandidateRef(
                  "s3://model-checkpoints/final-model/x",
                  "cd",
                  request.params(),
                  request.rounds(),
                  request.seed(),
                  0);
            })
        .fake(
            "evaluate",
            args -> {
              evaluated.set(args.get(0, EvaluationRequest.class));
              return new Evaluation(candidate, metrics(0.6, 0.7), null, null, 0.0, comparisons);
            })
        .fake(
            "gate",
            args ->
                GateReport.evaluate(
                    args.get(0, PromotionGate.class), args.get(1, Evaluation.class)))
        .fake(
            "save_results",
            args -> {
              RegistrationRequest request = args.get(0, RegistrationRequest.class);
              saved.set(request);
              return new RegisteredVersion(
                  request.modelName(),
                  "1",
                  "run",
                  List.of(),
                  request.gate().reasons(),
                  0.75,
                  0.7,
                  0.55);
            });
  }

  /** Trial 5 is the best; losses fall with the rounds. */
  static TrialReport report(TrialRequest request) {
    double loss = 0.5 + Math.abs(request.trial() - 5) / 100.0 + 1.0 / request.toRounds();
    return new TrialReport(
        request.trial(),
        request.toRounds(),
        loss,
        request.toRounds(),
        loss,
        request.toRounds() - request.fromRounds());
  }
}
