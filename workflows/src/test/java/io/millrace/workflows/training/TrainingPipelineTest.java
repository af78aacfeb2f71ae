package io.millrace.workflows.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.training.PromotionGate;
import io.millrace.engine.NodeState;
import io.millrace.engine.RunReport;
import io.millrace.engine.TaskReport;
import io.millrace.engine.TaskSkipped;
import io.millrace.engine.testing.DagTest;
import io.millrace.engine.testing.HistoryReplay;
import io.millrace.workflows.operations.DatedRun;
import io.millrace.workflows.tuning.TrialRequest;
import io.millrace.workflows.tuning.TuneHyperparameters;
import io.millrace.workflows.tuning.TuneHyperparametersImpl;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.common.WorkflowExecutionHistory;
import io.temporal.failure.ApplicationFailure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TrainingPipelineTest {
  private static final PromotionGate GATE = TrainingParams.DEFAULT.gate();
  private static final Map<String, Object> MANUAL = Map.of("review", "manual");
  private static final Path HISTORIES = Path.of("src/test/resources/histories");
  private final DagTest dag =
      DagTest.of(TrainingPipelineImpl.class, TuneHyperparametersImpl.class)
          .queue(TuneHyperparameters.TASK_QUEUE);
  private final TrainingFakes fakes = new TrainingFakes();

  @AfterEach
  void close() {
    dag.close();
  }

  private static TaskReport task(RunReport report, String id) {
    return report.tasks().stream().filter(t -> t.id().equals(id)).findFirst().orElseThrow();
  }

  @Test
  void trainsTheBestTrialAndRegistersItOnce() {
    RunReport report = fakes.on(dag).run(null);

    assertThat(report.tasks()).extracting(TaskReport::state).containsOnly(NodeState.SUCCESS);
    assertThat(report.tasks())
        .extracting(TaskReport::id)
        .containsExactly(
            "latest_only",
            "load_training_data",
            "tune_hyperparameters",
            "train_final_model",
            "evaluate",
            "gate",
            "save_results");
    assertThat(fakes.saved().tuning().bestTrial()).isEqualTo(5);
    assertThat(fakes.saved().candidate().rounds()).isEqualTo(60);
    assertThat(fakes.saved().gate().promote()).isTrue();
    assertThat(dag.calls().stream().filter("save_results"::equals)).hasSize(1);
    assertThat(dag.calls().stream().filter(call -> call.startsWith("train_trial")))
        .hasSizeLessThan(36);
  }

  @Test
  void skipsAllTheRestWhenThereIsTooLittleData() {
    RunReport report =
        fakes
            .on(dag)
            .fake(
                "load_training_data",
                args -> {
                  throw TaskSkipped.because("12 labelled rows");
                })
            .run(null);

    assertThat(report.tasks())
        .filteredOn(task -> !task.id().equals("latest_only"))
        .extracting(TaskReport::state)
        .containsOnly(NodeState.SKIPPED);
    assertThat(task(report, "load_training_data").detail()).contains("12 labelled rows");
  }

  @Test
  void staysGreenWithTheReasonWhenTheGateHoldsBack() {
    fakes.candidate(0.9, 0.6);

    RunReport report = fakes.on(dag).run(null);

    assertThat(task(report, "gate").state()).isEqualTo(NodeState.SUCCESS);
    assertThat(task(report, "gate").detail()).contains("held back").contains("AUC 0.6000");
    assertThat(fakes.saved().gate().promote()).isFalse();
  }

  @Test
  void aReviewerDecidesAboutWhatTheGateLetsThrough() {
    fakes.on(dag).start(MANUAL).answer("review", "promote");
    assertThat(dag.await().task("save_results").state()).isEqualTo(NodeState.SUCCESS);
    assertThat(fakes.saved().gate().promote()).isTrue();

    dag.start(MANUAL).answer("review", "hold");
    assertThat(dag.await().task("save_results").state()).isEqualTo(NodeState.SUCCESS);
    assertThat(fakes.saved().gate().promote()).isFalse();
    assertThat(fakes.saved().gate().reasons()).containsExactly("held back in the review");
  }

  @Test
  void withoutAnAnswerTheCandidateIsHeldBack() {
    RunReport report = fakes.on(dag).run(MANUAL);

    assertThat(task(report, "review").detail()).startsWith("hold (by timeout)");
    assertThat(fakes.saved().gate().promote()).isFalse();
  }

  @Test
  void thereIsNoReviewOfWhatTheGateHoldsBackOrWithoutACandidate() {
    fakes.candidate(0.9, 0.6);
    RunReport held = fakes.on(dag).run(MANUAL);
    assertThat(task(held, "review").state()).isEqualTo(NodeState.SKIPPED);
    assertThat(task(held, "save_results").state()).isEqualTo(NodeState.SUCCESS);
    assertThat(fakes.saved().gate().reasons()).first().asString().contains("AUC");

    RunReport nothing =
        fakes
            .on(dag)
            .fake(
                "load_training_data",
                args -> {
                  throw TaskSkipped.because("12 labelled rows");
                })
            .run(MANUAL);
    assertThat(task(nothing, "save_results").state()).isEqualTo(NodeState.SKIPPED);
  }

  @Test
  void aRunForAPastDateIsSkipped() {
    fakes.on(dag);

    RunReport past =
        DatedRun.ofBackfill(
            dag, "training_pipeline", Instant.parse("2019-10-01T05:00:00Z"), Map.of());

    assertThat(task(past, "load_training_data").state()).isEqualTo(NodeState.SKIPPED);
    assertThat(task(past, "save_results").state()).isEqualTo(NodeState.SKIPPED);
  }

  @Test
  void toleratesFailedTrialsDownToTheRatio() {
    RunReport report =
        fakes
            .on(dag)
            .fake(
                "train_trial",
                args -> {
                  TrialRequest request = args.get(0, TrialRequest.class);
                  if (request.trial() % 3 == 0) {
                    throw ApplicationFailure.newNonRetryableFailure("bad luck", "X");
                  }
                  return TrainingFakes.report(request);
                })
            .run(null);

    assertThat(task(report, "tune_hyperparameters").state()).isEqualTo(NodeState.SUCCESS);
    assertThat(task(report, "tune_hyperparameters").detail()).contains("4 failed");
  }

  @Test
  void failsWhenTooFewTrialsCanSucceed() {
    RunReport report =
        fakes
            .on(dag)
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
    RunReport report = fakes.on(dag).run(Map.of("trials", 7, "gitSha", "abc"));

    assertThat(task(report, "tune_hyperparameters").detail()).contains("of 7;");
    assertThat(fakes.saved().gitSha()).isEqualTo("abc");
    assertThat(fakes.saved().modelName()).isEqualTo("purchase_prediction_model");
  }

  @Test
  void refusesParamsThatMakeNoSense() {
    assertThatThrownBy(
            () -> new TrainingParams("m", 1, 1, 0.6, 0.6, 1, 1, 1, 2, 1, 1, 1, 1, GATE, null))
        .hasMessageContaining("validationShare + testShare must be < 1");
    assertThatThrownBy(
            () -> new TrainingParams("m", 1, 1, 0.1, 0.1, 501, 1, 1, 2, 1, 1, 1, 1, GATE, null))
        .hasMessageContaining("trials must be 1 to 500 and is 501");
    assertThatThrownBy(() -> fakes.on(dag).run(Map.of("labelHorizonMinutes", 0)))
        .hasStackTraceContaining("labelHorizonMinutes must be 1 to 43200 and is 0");
  }

  /** Leaves today's histories in {@code target}, to be stored beside the others. */
  @Test
  void recordsTodaysHistories() throws Exception {
    Path today = Files.createDirectories(Path.of("target/histories"));
    fakes.on(dag).run(null);
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
    HistoryReplay.replayAll(HISTORIES.resolve("training_pipeline"), TrainingPipelineImpl.class);
    HistoryReplay.replayAll(
        HISTORIES.resolve("tune_hyperparameters"), TuneHyperparametersImpl.class);
  }
}
