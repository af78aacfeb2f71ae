package io.millrace.workflows.training;

import io.millrace.core.tuning.AshaRule;
import io.millrace.core.tuning.SearchSpace;
import io.millrace.engine.Dag;
import io.millrace.engine.DagWorkflow;
import io.millrace.engine.DataInterval;
import io.millrace.engine.Gate;
import io.millrace.engine.Handle;
import io.millrace.engine.Policy;
import io.millrace.engine.Task;
import io.millrace.engine.TriggerRule;
import io.millrace.workflows.operations.ShippedAssets;
import io.millrace.workflows.operations.ShippedOperations;
import io.millrace.workflows.registry.RegisteredVersion;
import io.millrace.workflows.registry.RegistrationRequest;
import io.millrace.workflows.registry.RegistryActivities;
import io.millrace.workflows.tuning.TuneHyperparameters;
import io.millrace.workflows.tuning.TuningRequest;
import io.millrace.workflows.tuning.TuningResult;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Guarantees: at most one new version a run, made by the run it names; the champion is replaced
 * only by a version that passed the gate on rows that neither of the two has learned from.
 *
 * <p>Ends green with a version with or without alias; ends green without a version, all tasks below
 * skipped, if there is too little to learn from; fails otherwise. Checkpointed: the data set, every
 * few rounds of every trial, the final model.
 *
 * <p>It learns from all of gold, whatever its data interval: a run for a past date would make the
 * same model again, so {@code latest_only} skips it.
 */
public final class TrainingPipelineImpl extends DagWorkflow<TrainingParams>
    implements TrainingPipeline {
  // A killed worker is noticed after this long.
  private static final Duration HEARTBEAT_TIMEOUT = Duration.ofSeconds(20);
  private static final Policy IO =
      Policy.PATIENT.withAttemptTimeout(Duration.ofMinutes(20)).withHeartbeat(HEARTBEAT_TIMEOUT);
  // The successor of a killed worker goes on from the checkpoint.
  private static final Policy TRAINING =
      Policy.PATIENT
          .withAttemptTimeout(Duration.ofHours(2))
          .withHeartbeat(HEARTBEAT_TIMEOUT)
          .withTaskQueue(TuneHyperparameters.TASK_QUEUE);

  @Override
  protected TrainingParams defaults() {
    return TrainingParams.DEFAULT;
  }

  @Override
  protected void define(Dag dag, TrainingParams params, DataInterval interval) {
    ShippedOperations operations = ShippedOperations.ofCurrentRun();
    boolean tracked = operations.oneExperimentForAModel();
    operations.alerts(dag, Duration.ofHours(12));
    Task<DatasetRef> data =
        dag.task(
                "load_training_data",
                TrainingActivities.class,
                api -> api.loadTrainingData(params.loading(runKey())))
            .policy(operations.warehouse(IO))
            .after(operations.latestOnly(dag));
    Task<TuningResult> tuned =
        dag.child(
            "tune_hyperparameters",
            TuneHyperparameters.class,
            data,
            (child, dataset) -> child.tune(tuning(params, dataset, tracked)));
    Task<CandidateRef> candidate =
        dag.task(
                "train_final_model",
                TrainingActivities.class,
                tuned,
                (api, result) -> api.trainFinalModel(finalModel(params, result)))
            .policy(TRAINING);
    Task<Evaluation> evaluation =
        dag.task(
                "evaluate",
                TrainingActivities.class,
                tuned,
                candidate,
                (api, result, model) ->
                    api.evaluateModel(
                        new EvaluationRequest(
                            result.dataset(),
                            model,
                            params.modelName(),
                            params.gate().confidence())))
            .policy(IO);
    Task<GateReport> gate =
        dag.task(
                "gate",
                TrainingActivities.class,
                evaluation,
                (api, figures) -> api.evaluateGate(params.gate(), figures))
            .policy(IO);
    Task<RegisteredVersion> saved =
        dag.task(
                "save_results",
                RegistryActivities.class,
                tuned,
                candidate,
                reviewed(dag, params, gate),
                (api, result, model, decision) ->
                    api.saveResults(registration(params, result, model, decision)))
            .policy(IO);
    if (params.review() == ReviewMode.MANUAL) {
      // The review is skipped for a candidate that the gate holds back.
      saved.rule(TriggerRule.NONE_FAILED_MIN_ONE_SUCCESS);
    }
    operations.outlet(saved, ShippedAssets.MODEL_VERSIONS);
  }

  /** The gate's decision, or that of the person who reviews what the gate lets through. */
  private static Handle<GateReport> reviewed(
      Dag dag, TrainingParams params, Task<GateReport> gate) {
    if (params.review() == ReviewMode.AUTO) {
      return gate;
    }
    Gate review =
        dag.gate("review")
            .options(GateReport.PROMOTE, GateReport.HOLD)
            .timeout(Duration.ofHours(params.reviewHours()), GateReport.HOLD)
            .when(gate, GateReport::promote);
    return gate.combine(review, GateReport::reviewed);
  }

  private static TuningRequest tuning(TrainingParams params, DatasetRef dataset, boolean tracked) {
    return new TuningRequest(
        runKey(),
        startedAt(),
        dataset,
        SearchSpace.standard(),
        List.of(),
        params.trials(),
        new AshaRule(params.graceRounds(), params.maxRounds(), params.reduction()),
        params.seed(),
        params.maxConcurrentTrials(),
        params.checkpointEvery(),
        params.minSuccessRatio(),
        tracked ? params.modelName() : null,
        tracked ? Workflow.getInfo().getWorkflowId() : null);
  }

  private static FinalModelRequest finalModel(TrainingParams params, TuningResult result) {
    return new FinalModelRequest(
        runKey(),
        result.dataset(),
        result.best(),
        result.bestRounds(),
        params.seed(),
        params.checkpointEvery());
  }

  private static RegistrationRequest registration(
      TrainingParams params, TuningResult result, CandidateRef model, GateReport gate) {
    WorkflowInfo info = Workflow.getInfo();
    return new RegistrationRequest(
        params.modelName(),
        info.getWorkflowId(),
        info.getRunId(),
        startedAt(),
        result,
        model,
        gate,
        params.gitSha());
  }

  /** Names everything this run writes. */
  private static String runKey() {
    return Workflow.getInfo().getRunId();
  }

  private static Instant startedAt() {
    return Instant.ofEpochMilli(Workflow.getInfo().getRunStartedTimestampMillis());
  }
}
