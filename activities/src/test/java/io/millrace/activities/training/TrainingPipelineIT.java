package io.millrace.activities.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.core.models.PurchaseDefinition;
import io.millrace.core.registry.ModelVersion;
import io.millrace.core.training.CategoryMappings;
import io.millrace.core.training.PromotionGate;
import io.millrace.core.training.TemporalSplit;
import io.millrace.engine.NodeState;
import io.millrace.engine.RunReport;
import io.millrace.engine.TaskReport;
import io.millrace.stack.install.Venvs;
import io.millrace.testing.Waiting;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.mlflow.api.proto.Service;

/** The whole pipeline on real servers, in the order of a model's life. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TrainingPipelineIT {
  private static final String MODEL = "purchase_prediction_model";
  private static TrainingStack stack;

  @BeforeAll
  static void start() {
    stack = new TrainingStack();
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  private static RunReport train(Map<String, Object> params) {
    WorkflowStub run =
        stack.client.newUntypedWorkflowStub(
            "training_pipeline",
            WorkflowOptions.newBuilder()
                .setTaskQueue(TrainingStack.QUEUE)
                .setWorkflowId("train-" + UUID.randomUUID())
                .build());
    run.start(params);
    return run.getResult(RunReport.class);
  }

  private static TaskReport task(RunReport report, String id) {
    return report.tasks().stream().filter(t -> t.id().equals(id)).findFirst().orElseThrow();
  }

  @Test
  @Order(1)
  void skipsWhatThereIsTooLittleToLearnFrom() throws Exception {
    stack.fill(7, 1_000);

    RunReport report = train(Map.of());

    assertThat(task(report, "load_training_data").state()).isEqualTo(NodeState.SKIPPED);
    assertThat(task(report, "load_training_data").detail()).contains("at least 500 are needed");
    assertThat(task(report, "save_results").state()).isEqualTo(NodeState.SKIPPED);
    assertThat(stack.registry.byAlias(MODEL, "champion")).isEmpty();
  }

  @Test
  @Order(2)
  void registersAndPromotesTheFirstModel() throws Exception {
    int rows = stack.fill(42, 60_000);

    RunReport report = train(Map.of());

    assertThat(task(report, "load_training_data").detail()).contains("%,d rows".formatted(rows));
    assertThat(task(report, "gate").detail()).isEqualTo("promote");
    ModelVersion champion = stack.registry.byAlias(MODEL, "champion").orElseThrow();
    assertThat(champion.version()).isEqualTo("1");
    assertThat(stack.registry.byAlias(MODEL, "current")).contains(champion);
    assertThat(champion.tags()).containsKeys("training_date", "metrics", "dataset_sha256");
    assertThat(stack.registry.versionsOfRun(MODEL, champion.runId())).hasSize(1);
    assertThat(stack.tracking.metricHistory(champion.runId(), "scorer_max_difference"))
        .singleElement()
        .satisfies(metric -> assertThat(metric.getValue()).isBetween(0.0, 1e-6));
    assertThat(stack.registry.artifact(champion.source(), "baseline_statistics.json")).isPresent();
  }

  @Test
  @Order(3)
  void showsTrialsAsNestedRunsWithEveryRoundOnce() {
    String experiment = stack.tracking.experiment(MODEL);
    List<Service.Run> all =
        stack.tracking.runsByTag(
            experiment, "mlflow.parentRunId", study(experiment).getInfo().getRunId());

    assertThat(all).hasSize(12);
    Service.Run complete =
        all.stream()
            .filter(run -> run.getInfo().getStatus() == Service.RunStatus.FINISHED)
            .findFirst()
            .orElseThrow();
    List<Service.Metric> history =
        stack.tracking.metricHistory(complete.getInfo().getRunId(), "validation-logloss");
    assertThat(history).extracting(Service.Metric::getStep).hasSize(60).doesNotHaveDuplicates();
    assertThat(all)
        .extracting(run -> run.getInfo().getStatus())
        .contains(Service.RunStatus.KILLED)
        .doesNotContain(Service.RunStatus.RUNNING);
  }

  @Test
  @Order(3)
  void namesRunsByDateAndDagRunAndGivesTheStudyItsBestTrialsFigures() {
    List<Service.Run> all = stack.tracking.runs(stack.tracking.experiment(MODEL));

    assertThat(all)
        .extracting(run -> run.getInfo().getRunName())
        .filteredOn(name -> !name.startsWith("trial-"))
        .allMatch(name -> name.matches("20[0-9-]{8} [0-9:]{5} (tuning|model) of .*"))
        .anyMatch(name -> name.contains(" model of "));
    Service.Run study = study(stack.tracking.experiment(MODEL));
    assertThat(study.getData().getMetricsList())
        .extracting(Service.Metric::getKey)
        .contains("best-validation-logloss", "validation-logloss", "validation-auc");
    assertThat(study.getData().getParamsList())
        .extracting(Service.Param::getKey)
        .contains("best_trial", "best_max_depth");
    assertThat(stack.tracking.experimentsNamed("xgb_")).isEmpty();
  }

  private static Service.Run study(String experiment) {
    return stack.tracking.runs(experiment).stream()
        .filter(run -> run.getInfo().getRunName().contains(" tuning of "))
        .findFirst()
        .orElseThrow();
  }

  @Test
  @Order(4)
  void predictsInPythonWhatItPredictsInJava(@TempDir Path folder) throws Exception {
    ModelVersion champion = stack.registry.byAlias(MODEL, "champion").orElseThrow();
    CategoryMappings mappings =
        CategoryMappings.fromJson(
            new String(
                stack.registry.artifact(champion.source(), "category_mappings.json").orElseThrow(),
                StandardCharsets.UTF_8));
    TrainingTable table = SyntheticPurchases.table(42, 60_000);
    TemporalSplit split = table.split(0.15, 0.15);
    float[] features = table.features(split.test(), mappings);
    int rows = split.test().length;
    TrainedModel model =
        new TrainedModel(
            stack.registry.artifact(champion.source(), "model.ubj").orElseThrow(),
            PurchaseDefinition.MODEL.names(),
            mappings);
    float[] java = model.predict(features, rows);
    Path input = folder.resolve("features.csv");
    Files.writeString(input, csv(features, rows));

    List<String[]> python = python(input, folder);

    assertThat(python).hasSize(rows);
    for (int i = 0; i < rows; i++) {
      assertThat(Float.parseFloat(python.get(i)[0])).isCloseTo(java[i], within(1e-6f));
      assertThat(Float.parseFloat(python.get(i)[1])).isCloseTo(java[i], within(1e-6f));
    }
  }

  private static String csv(float[] features, int rows) {
    StringBuilder text =
        new StringBuilder(String.join(",", PurchaseDefinition.MODEL.names())).append('\n');
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < 6; j++) {
        float value = features[i * 6 + j];
        text.append(j == 0 ? "" : ",").append(j == 1 ? "" + value : "" + (long) value);
      }
      text.append('\n');
    }
    return text.toString();
  }

  private static List<String[]> python(Path input, Path folder) throws Exception {
    Path output = folder.resolve("predictions.csv");
    Path log = folder.resolve("python.log");
    ProcessBuilder process =
        new ProcessBuilder(
            Venvs.standard().modelCheck().toString(),
            "src/test/python/predict_champion.py",
            MODEL,
            input.toString(),
            output.toString());
    process
        .environment()
        .putAll(
            Map.of(
                "MLFLOW_TRACKING_URI",
                stack.endpoints().mlflow().trackingUri(),
                "MLFLOW_DISABLE_TELEMETRY",
                "true"));
    process.redirectErrorStream(true).redirectOutput(log.toFile());
    Process running = process.start();
    assertThat(Waiting.ended(running)).as(Files.readString(log)).isZero();
    return Files.readAllLines(output).stream().map(line -> line.split(",")).toList();
  }

  @Test
  @Order(5)
  void keepsAModelThatTheGateHoldsBackWithoutAlias() {
    RunReport report = train(held());

    assertThat(task(report, "gate").detail()).startsWith("held back").contains("wanted at least");
    assertThat(task(report, "save_results").state()).isEqualTo(NodeState.SUCCESS);
    assertThat(task(report, "save_results").detail()).contains("version 2 (no alias)");
    Optional<ModelVersion> champion = stack.registry.byAlias(MODEL, "champion");
    assertThat(champion.orElseThrow().version()).isEqualTo("1");
  }

  private static Map<String, Object> held() {
    return Map.of(
        "trials",
        3,
        "maxRounds",
        20,
        "gitSha",
        "0123abc",
        "gate",
        new PromotionGate(0.5, 1, 0.01, 0.1));
  }

  @Test
  @Order(6)
  void choosesTheSameModelAgainAndKeepsTheChampionInATie() {
    RunReport report = train(Map.of());

    assertThat(task(report, "evaluate").detail()).contains("champion 1 AUC");
    assertThat(task(report, "gate").detail())
        .startsWith("held back: better than champion 1: AUC")
        .contains("a difference of +0.0000");
    ModelVersion again = stack.registry.version(MODEL, "3");
    ModelVersion first = stack.registry.version(MODEL, "1");
    assertThat(again.tags().get("model_sha256")).isEqualTo(first.tags().get("model_sha256"));
    assertThat(again.tags().get("gate_statement"))
        .contains("that neither has learned from", "at most 5 %", "Simulated on these rows")
        .contains("Decision: the champion stays");
    assertThat(again.tags()).containsKey("trained_until");
    assertThat(stack.registry.byAlias(MODEL, "champion")).contains(first);
    assertThat(stack.registry.byAlias(MODEL, "best")).contains(first);
  }

  @Test
  @Order(7)
  void replacesAWeakChampionByABetterModel() {
    train(weak());
    ModelVersion weak = stack.registry.version(MODEL, "4");
    assertThat(stack.registry.byAlias(MODEL, "champion").orElseThrow().version()).isEqualTo("1");
    stack.registry.setAlias(MODEL, "champion", weak.version()); // as a person may

    RunReport report = train(Map.of());

    assertThat(task(report, "gate").detail()).isEqualTo("promote");
    assertThat(stack.registry.byAlias(MODEL, "champion").orElseThrow().version()).isEqualTo("5");
    assertThat(stack.registry.version(MODEL, "5").tags().get("gate_statement"))
        .contains("Against champion 4", "Against best 1", "Decision: promote");
  }

  @Test
  @Order(8)
  void holdsACandidateThatCannotBeComparedWithTheChampion() {
    ModelVersion champion = stack.registry.byAlias(MODEL, "champion").orElseThrow();
    alias(champion, Map.of());

    RunReport unknown = train(small());

    assertThat(task(unknown, "gate").detail()).contains("Nobody knows up to when version 6");
    assertThat(stack.registry.byAlias(MODEL, "champion").orElseThrow().version()).isEqualTo("6");
  }

  @Test
  @Order(9)
  void comparesWithAChampionOfAnEarlierReleaseOnlyOnRowsLaterThanItsDataSet() {
    ModelVersion champion = stack.registry.version(MODEL, "4");
    TrainingTable table = SyntheticPurchases.table(42, 60_000);
    int[] test = table.split(0.15, 0.15).test();
    Instant watermark = table.time(test[test.length / 2]);
    alias(champion, Map.of("dataset_watermark", watermark.toString()));

    RunReport report = train(small());

    int later = table.begunSince(watermark.plusMillis(1), test).length;
    assertThat(later).isBetween(100, test.length - 100);
    assertThat(task(report, "evaluate").detail())
        .contains("on %,d rows that neither has learned from".formatted(later));
  }

  /** Makes a copy of a version, whose run has only these params, the champion. */
  private static void alias(ModelVersion like, Map<String, String> params) {
    Service.RunInfo run =
        stack.tracking.createRun(
            stack.tracking.experiment("by hand"), "by hand", 0, Map.of("by", "hand"));
    stack.tracking.log(run.getRunId(), List.of(), params, Map.of());
    for (String file : List.of("model.ubj", "category_mappings.json")) {
      stack.registry.putArtifact(
          run.getArtifactUri(),
          "model/" + file,
          stack.registry.artifact(like.source(), file).orElseThrow());
    }
    ModelVersion made =
        stack.registry.createVersion(
            MODEL, run.getRunId(), run.getArtifactUri() + "/model", "by hand", Map.of());
    stack.registry.setAlias(MODEL, "champion", made.version());
  }

  private static Map<String, Object> weak() {
    return Map.of("trials", 1, "maxRounds", 1, "graceRounds", 1);
  }

  private static Map<String, Object> small() {
    return Map.of("trials", 3, "maxRounds", 40);
  }
}
