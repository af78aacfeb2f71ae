package io.millrace.workflows.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.training.BinaryMetrics;
import io.millrace.core.training.PromotionGate;
import io.millrace.engine.NodeState;
import io.millrace.engine.RunReport;
import io.millrace.engine.TaskReport;
import io.millrace.engine.TaskSkipped;
import io.millrace.engine.testing.DagTest;
import io.millrace.engine.testing.HistoryReplay;
import io.millrace.workflows.registry.RegisteredVersion;
import io.millrace.workflows.registry.RegistrationRequest;
import io.millrace.workflows.tuning.StudyRef;
import io.millrace.workflows.tuning.TrialReport;
import io.millrace.workflows.tuning.TrialRequest;
import io.millrace.workflows.tuning.TuneHyperparameters;
import io.millrace.workflows.tuning.TuneHyperparametersImpl;
import io.millrace.workflows.tuning.TuningRequest;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.common.WorkflowExecutionHistory;
import io.temporal.failure.ApplicationFailure;
import io.temporal.testing.WorkflowReplayer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TrainingPipelineTest {
  private static final PromotionGate GATE = TrainingParams.DEFAULT.gate();
  private static final Path HISTORIES = Path.of("src/test/resources/histories");
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
          Instant.parse("2026-11-01T09:00:00Z"));

  private final DagTest dag =
      DagTest.of(TrainingPipelineImpl.class, TuneHyperparametersImpl.class)
          .queue(TuneHyperparameters.TASK_QUEUE);
  private final AtomicReference<RegistrationRequest> saved = new AtomicReference<>();
  private volatile BinaryMetrics candidate = metrics(0.55, 0.75);

  private static BinaryMetrics metrics(double logloss, double auc) {
    return new BinaryMetrics(1_500, 450, logloss, auc, 0.5, 0.2, 0.02);
  }

  @AfterEach
  void close() {
    dag.close();
  }

  private DagTest faked() {
    return dag.fake("load_training_data", args -> DATASET)
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
        .fake("evaluate", args -> new Evaluation(candidate, metrics(0.6, 0.7), null, null))
        .fake(
            "gate",
            args ->
                GateReport.judge(args.get(0, PromotionGate.class), args.get(1, Evaluation.class)))
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
  private static TrialReport report(TrialRequest request) {
    double loss = 0.5 + Math.abs(request.trial() - 5) / 100.0 + 1.0 / request.toRounds();
    return new TrialReport(
        request.trial(),
        request.toRounds(),
        loss,
        request.toRounds(),
        loss,
        request.toRounds() - request.fromRounds());
  }

  private static TaskReport task(RunReport report, String id) {
    return report.tasks().stream().filter(t -> t.id().equals(id)).findFirst().orElseThrow();
  }

  @Test
  void trainsTheBestTrialAndRegistersItOnce() {
    RunReport report = faked().run(null);

    assertThat(report.tasks()).extracting(TaskReport::state).containsOnly(NodeState.SUCCESS);
    assertThat(report.tasks())
        .extracting(TaskReport::id)
        .containsExactly(
            "load_training_data",
            "tune_hyperparameters",
            "train_final_model",
            "evaluate",
            "gate",
            "save_results");
    assertThat(saved.get().tuning().bestTrial()).isEqualTo(5);
    assertThat(saved.get().candidate().rounds()).isEqualTo(60);
    assertThat(saved.get().gate().promote()).isTrue();
    assertThat(dag.calls().stream().filter("save_results"::equals)).hasSize(1);
    assertThat(dag.calls().stream().filter(call -> call.startsWith("train_trial")))
        .hasSizeLessThan(36);
  }

  @Test
  void skipsAllTheRestWhenThereIsTooLittleData() {
    RunReport report =
        faked()
            .fake(
                "load_training_data",
                args -> {
                  throw TaskSkipped.because("12 labelled rows");
                })
            .run(null);

    assertThat(report.tasks()).extracting(TaskReport::state).containsOnly(NodeState.SKIPPED);
    assertThat(task(report, "load_training_data").detail()).contains("12 labelled rows");
  }

  @Test
  void staysGreenWithTheReasonWhenTheGateHoldsBack() {
    candidate = metrics(0.9, 0.6);

    RunReport report = faked().run(null);

    assertThat(task(report, "gate").state()).isEqualTo(NodeState.SUCCESS);
    assertThat(task(report, "gate").detail()).contains("held back").contains("AUC 0.6000");
    assertThat(saved.get().gate().promote()).isFalse();
  }

  @Test
  void toleratesFailedTrialsDownToTheRatio() {
    RunReport report =
        faked()
            .fake(
                "train_trial",
                args -> {
                  TrialRequest request = args.get(0, TrialRequest.class);
                  if (request.trial() % 3 == 0) {
                    throw ApplicationFailure.newNonRetryableFailure("bad luck", "X");
                  }
                  return report(request);
                })
            .run(null);

    assertThat(task(report, "tune_hyperparameters").state()).isEqualTo(NodeState.SUCCESS);
    assertThat(task(report, "tune_hyperparameters").detail()).contains("4 failed");
  }

  @Test
  void failsWhenTooFewTrialsCanSucceed() {
    RunReport report =
        faked()
            .fake(
                "train_trial",
                args -> {
                  throw ApplicationFailure.newNonRetryableFailure("no memory", "X");
                })
            .run(null);

    assertThat(task(report, "tune_hyperparameters").state()).isEqualTo(NodeState.FAILED);
    assertThat(task(report, "tune_hyperparameters").detail()).contains("no memory");
    assertThat(task(report, "save_results").state()).isEqualTo(NodeState.UPSTREAM_FAILED);
  }

  @Test
  void takesDefaultsForWhatTheParamsLeaveOut() {
    RunReport report = faked().run(Map.of("trials", 7, "gitSha", "abc"));

    assertThat(task(report, "tune_hyperparameters").detail()).contains("of 7;");
    assertThat(saved.get().gitSha()).isEqualTo("abc");
    assertThat(saved.get().modelName()).isEqualTo("purchase_prediction_model");
  }

  @Test
  void refusesParamsThatMakeNoSense() {
    assertThatThrownBy(
            () -> new TrainingParams("m", 1, 1, 0.6, 0.6, 1, 1, 1, 2, 1, 1, 1, 1, GATE, null))
        .hasMessageContaining("validationShare + testShare must be < 1");
    assertThatThrownBy(
            () -> new TrainingParams("m", 1, 1, 0.1, 0.1, 501, 1, 1, 2, 1, 1, 1, 1, GATE, null))
        .hasMessageContaining("trials must be 1 to 500 and is 501");
  }

  /** Leaves today's histories in {@code target}, to be stored beside the others. */
  @Test
  void recordsTodaysHistories() throws Exception {
    Path today = Files.createDirectories(Path.of("target/histories"));
    faked().run(null);
    WorkflowExecutionHistory run =
        dag.client().fetchHistory(dag.stub().getExecution().getWorkflowId());
    String child =
        run.getEvents().stream()
            .filter(HistoryEvent::hasChildWorkflowExecutionStartedEventAttributes)
            .map(
                event ->
                    event
                        .getChildWorkflowExecutionStartedEventAttributes()
                        .getWorkflowExecution()
                        .getWorkflowId())
            .findFirst()
            .orElseThrow();
    Files.writeString(today.resolve("training_pipeline.json"), run.toJson(true));
    Files.writeString(
        today.resolve("tune_hyperparameters.json"), dag.client().fetchHistory(child).toJson(true));
  }

  @Test
  void replaysStoredRuns() throws Exception {
    try (Stream<Path> histories = Files.list(HISTORIES.resolve("training_pipeline"))) {
      for (Path history : histories.toList()) {
        String json = Files.readString(history);
        // The child's id begins with the run's own, which a replay must be given.
        Matcher id =
            Pattern.compile("\"workflowId\": *\"(.+)/tune_hyperparameters\"").matcher(json);
        assertThat(id.find()).as("child in %s", history).isTrue();
        WorkflowReplayer.replayWorkflowExecution(
            WorkflowExecutionHistory.fromJson(json, id.group(1)), TrainingPipelineImpl.class);
      }
    }
    HistoryReplay.replayAll(
        HISTORIES.resolve("tune_hyperparameters"), TuneHyperparametersImpl.class);
  }
}
