package io.millrace.activities.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.models.PurchaseDefinition;
import io.millrace.core.registry.Aliases;
import io.millrace.core.registry.ModelRegistry;
import io.millrace.core.registry.ModelVersion;
import io.millrace.core.registry.Promotion;
import io.millrace.core.registry.PromotionRefusedException;
import io.millrace.core.registry.PromotionRequest;
import io.millrace.core.training.BinaryMetrics;
import io.millrace.core.training.CategoryMappings;
import io.millrace.core.training.ModelComparison;
import io.millrace.core.training.PairedAuc;
import io.millrace.stack.Component;
import io.millrace.stack.LocalStack;
import io.millrace.workflows.training.Evaluation;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mlflow.api.proto.Service;

/** Which aliases move, on a real MLflow. */
class PromotionIT {
  private static LocalStack stack;
  private static MlflowRegistry registry;
  private static MlflowTracking tracking;

  private String model = "";

  @BeforeAll
  static void start() {
    stack = LocalStack.forTests(Component.MLFLOW);
    MlflowConfig mlflow = MlflowConfig.of(stack.endpoints().mlflow().trackingUri());
    registry = new MlflowRegistry(mlflow);
    tracking = new MlflowTracking(mlflow);
  }

  @AfterAll
  static void stop() {
    tracking.close();
    stack.close();
  }

  @BeforeEach
  void newModel() {
    model = "m-" + UUID.randomUUID();
    registry.ensureModel(model, "for a test");
  }

  private ModelVersion version(Map<String, String> params, Map<String, String> tags) {
    Service.RunInfo run =
        tracking.createRun(tracking.experiment("test"), "test", 0, Map.of("by", "test"));
    tracking.log(run.getRunId(), List.of(), params, Map.of());
    registry.putArtifact(run.getArtifactUri(), "model/model.ubj", new byte[] {1});
    registry.putArtifact(
        run.getArtifactUri(),
        "model/" + CategoryMappings.FILE_NAME,
        "{}".getBytes(StandardCharsets.UTF_8));
    return registry.createVersion(
        model, run.getRunId(), run.getArtifactUri() + "/model", "for a test", tags);
  }

  private ModelVersion version() {
    return version(Map.of(), Map.of(ModelVersion.GATE, ModelVersion.PASSED));
  }

  private static BinaryMetrics metrics(double logloss) {
    return new BinaryMetrics(1_000, 300, logloss, 0.8, 0.5, 0.2, 0.02, 0);
  }

  private static Evaluation comparedWith(@Nullable String champion, double logloss) {
    ModelComparison.Result result =
        new ModelComparison.Result(
            new PairedAuc(1_000, 300, 500, 0.8, 0.7, 0.01, 200),
            metrics(logloss),
            metrics(0.5),
            null);
    return new Evaluation(
        metrics(logloss),
        metrics(0.6),
        null,
        champion,
        0.0,
        champion == null
            ? List.of()
            : List.of(new ModelComparison(Aliases.CHAMPION, champion, 1_000, 300, result, null)));
  }

  private String behind(String alias) {
    return registry.byAlias(model, alias).map(ModelVersion::version).orElse("none");
  }

  private Promotion promote(ModelVersion version, Evaluation evaluation) {
    return new ModelRegistry(registry, (name, number) -> {}, name -> {}, Clock.systemUTC())
        .promote(
            PromotionRequest.afterGate(
                model,
                version.version(),
                "a test",
                "passed the gate",
                new PromotionRequest.Comparison(
                    evaluation.championVersion(), evaluation.becomesBest())));
  }

  @Test
  void theFirstVersionIsChampionAndBest() {
    Promotion moved = promote(version(), comparedWith(null, 0.5));

    assertThat(moved.aliases()).containsExactly("champion", "current", "best");
    assertThat(List.of(behind("champion"), behind("current"), behind("best"))).containsOnly("1");
  }

  @Test
  void theBestStaysWhereTheLogLossIsLowest() {
    promote(version(), comparedWith(null, 0.5));

    assertThat(promote(version(), comparedWith("1", 0.501)).aliases())
        .containsExactly("champion", "current");
    assertThat(List.of(behind("champion"), behind("best"))).containsExactly("2", "1");

    promote(version(), comparedWith("2", 0.499));
    assertThat(List.of(behind("champion"), behind("best"))).containsExactly("3", "3");
  }

  @Test
  void aChampionOfAnEarlierReleaseIsTheBestUntilOneIsBetter() {
    registry.setAlias(model, "champion", version().version());

    promote(version(), comparedWith("1", 0.501));

    assertThat(List.of(behind("champion"), behind("best"))).containsExactly("2", "1");
  }

  @Test
  void nothingMovesIfTheChampionIsAnotherThanTheOneCompared() {
    promote(version(), comparedWith(null, 0.5));
    registry.setAlias(model, "champion", version().version()); // by hand, during a review

    assertThatThrownBy(() -> promote(version(), comparedWith("1", 0.4)))
        .isInstanceOf(PromotionRefusedException.class)
        .hasMessage(
            "the alias champion points at version 2, but the comparison was with version 1: start"
                + " the training again");
    assertThatThrownBy(() -> promote(version(), comparedWith(null, 0.4)))
        .hasMessageContaining("comparison was with none");
    assertThat(List.of(behind("champion"), behind("current"), behind("best")))
        .containsExactly("2", "1", "1");
  }

  @Test
  void aRetryCompletesWhatAnEarlierAttemptBegan() {
    promote(version(), comparedWith(null, 0.5));
    ModelVersion next = version();
    registry.setAlias(model, "best", next.version());
    registry.setAlias(model, "champion", next.version()); // and there it was killed

    assertThat(promote(next, comparedWith("1", 0.4)).from()).isEqualTo("2");
    assertThat(List.of(behind("champion"), behind("current"), behind("best"))).containsOnly("2");
  }

  @Test
  void knowsUpToWhenAVersionWasTrained() {
    RegistryChampions champions = new RegistryChampions(PurchaseDefinition.MODEL, registry);
    Map<String, String> both =
        Map.of(
            "trained_until", "2019-10-02T00:00:00Z", "dataset_watermark", "2019-10-03T00:00:00Z");

    assertThat(
            trainedUntil(champions, version(both, Map.of("trained_until", "2019-10-01T00:00:00Z"))))
        .isEqualTo(Instant.parse("2019-10-01T00:00:00Z"));
    assertThat(trainedUntil(champions, version(both, Map.of())))
        .isEqualTo(Instant.parse("2019-10-02T00:00:00Z"));
    assertThat(
            trainedUntil(
                champions, version(Map.of("dataset_watermark", "2019-10-03T00:00:00Z"), Map.of())))
        .isEqualTo(Instant.parse("2019-10-03T00:00:00.001Z"));
    assertThat(trainedUntil(champions, version())).isNull();
    assertThatThrownBy(
            () -> trainedUntil(champions, version(Map.of(), Map.of("trained_until", "yesterday"))))
        .hasMessageContaining("tag trained_until 'yesterday', which is no instant such as");
  }

  private @Nullable Instant trainedUntil(RegistryChampions champions, ModelVersion version) {
    registry.setAlias(model, "champion", version.version());
    return champions.champion(model).orElseThrow().trainedUntil();
  }
}
