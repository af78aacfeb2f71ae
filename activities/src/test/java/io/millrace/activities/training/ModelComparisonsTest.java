package io.millrace.activities.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.activities.PipelineException;
import io.millrace.activities.training.ChampionSource.Champion;
import io.millrace.core.models.PurchaseDefinition;
import io.millrace.core.registry.Aliases;
import io.millrace.core.training.CategoryMappings;
import io.millrace.core.training.ModelComparison;
import io.millrace.core.training.TemporalSplit;
import io.millrace.core.tuning.TrialParams;
import io.millrace.workflows.PipelineFailure;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Which rows a candidate and a champion are compared on. */
class ModelComparisonsTest {
  private static final String MODEL = "purchase_prediction_model";
  private static TrainingTable table;
  private static int[] test;
  private static TrainedModel good;
  private static TrainedModel weak;

  /** A champion and a best, as a registry would give them. */
  record Registered(@Nullable Champion last, @Nullable Champion ever) implements ChampionSource {
    @Override
    public Optional<Champion> champion(String modelName) {
      return Optional.ofNullable(last);
    }

    @Override
    public Optional<Champion> best(String modelName) {
      return Optional.ofNullable(ever);
    }
  }

  @BeforeAll
  static void train() {
    table = SyntheticPurchases.table(1, 30_000);
    TemporalSplit split = table.split(0.15, 0.15);
    test = split.test();
    good = model(split.train(), 40);
    weak = model(Arrays.copyOf(split.train(), 60), 1);
  }

  private static TrainedModel model(int[] rows, int rounds) {
    CategoryMappings mappings = table.fitMappings(rows);
    try (Matrix matrix =
            Matrix.of(
                table.features(rows, mappings),
                table.labels(rows),
                PurchaseDefinition.MODEL.names().toArray(String[]::new));
        ResumableBooster booster =
            ResumableBooster.start(matrix, new TrialParams(4, 0.2, 1, 0.8, 0.8, 0).asMap(), 1)) {
      for (int round = 0; round < rounds; round++) {
        booster.update(matrix);
      }
      return new TrainedModel(booster.toBytes(), PurchaseDefinition.MODEL.names(), mappings);
    }
  }

  private static List<ModelComparison> comparisons(
      @Nullable Champion last, @Nullable Champion ever) {
    return new ModelComparisons(table, test, good.scores(table, test), 0.95)
        .with(new Registered(last, ever), MODEL);
  }

  /** A model whose every leaf is not a number, so that its scores are none either. */
  private static byte[] withoutNumbers() {
    int[] rows = Arrays.copyOf(test, 60);
    try (Matrix matrix =
            Matrix.of(
                table.features(rows, good.mappings()),
                table.labels(rows),
                PurchaseDefinition.MODEL.names().toArray(String[]::new));
        ResumableBooster booster =
            ResumableBooster.start(matrix, new TrialParams(1, 0.2, 1, 1, 1, 0).asMap(), 1)) {
      booster.update(matrix);
      String json = new String(booster.toJson(), StandardCharsets.UTF_8);
      Matcher leaves = Pattern.compile("\"split_conditions\":\\[([^\\]]*)\\]").matcher(json);
      return leaves
          .replaceAll(
              found -> "\"split_conditions\":[" + found.group(1).replaceAll("[^,]+", "NaN") + "]")
          .getBytes(StandardCharsets.UTF_8);
    }
  }

  @Test
  void comparesOnTheRowsThatNeitherHasLearnedFrom() {
    Instant middle = table.time(test[test.length / 2]);

    ModelComparison comparison = comparisons(new Champion("3", weak, middle), null).get(0);

    int[] rows = table.begunSince(middle, test);
    assertThat(rows.length).isBetween(test.length / 3, test.length / 2 + 1);
    assertThat(comparison.alias()).isEqualTo(Aliases.CHAMPION);
    assertThat(comparison.version()).isEqualTo("3");
    assertThat(comparison.rows()).isEqualTo(rows.length);
    assertThat(comparison.positives()).isEqualTo(table.positives(rows));
    assertThat(comparison.result()).isNotNull();
    assertThat(comparison.result().candidate().rows()).isEqualTo(rows.length);
    assertThat(comparison.result().other().rows()).isEqualTo(rows.length);
    assertThat(comparison.result().auc().difference()).isPositive();
    assertThat(comparison.result().chance().draws()).isEqualTo(1_000);
  }

  @Test
  void findsNoDifferenceBetweenAModelAndItself() {
    ModelComparison comparison = comparisons(new Champion("3", good, Instant.EPOCH), null).get(0);

    assertThat(comparison.rows()).isEqualTo(test.length);
    assertThat(comparison.result().auc().difference()).isZero();
    assertThat(comparison.result().auc().lower(0.95)).isZero();
    assertThat(comparison.result().chance().better()).isZero();
  }

  @Test
  void comparesWithTheBestTooIfThatIsAnotherVersion() {
    Champion last = new Champion("3", weak, Instant.EPOCH);

    assertThat(comparisons(last, last)).extracting(ModelComparison::version).containsExactly("3");
    assertThat(comparisons(last, new Champion("1", good, Instant.EPOCH)))
        .extracting(ModelComparison::alias)
        .containsExactly(Aliases.CHAMPION, Aliases.BEST);
    assertThat(comparisons(null, last)).isEmpty();
  }

  @Test
  void saysWhyThereIsNoComparison() {
    Instant end = table.time(table.size() - 1).plusSeconds(1);

    ModelComparison unknown = comparisons(new Champion("3", weak, null), null).get(0);
    ModelComparison nothingNew = comparisons(new Champion("3", weak, end), null).get(0);
    TrainedModel broken =
        new TrainedModel(withoutNumbers(), PurchaseDefinition.MODEL.names(), good.mappings());
    ModelComparison notNumbers = comparisons(new Champion("3", broken, Instant.EPOCH), null).get(0);

    assertThat(unknown.result()).isNull();
    assertThat(unknown.problem()).contains("Nobody knows up to when version 3 was trained");
    assertThat(nothingNew.result()).isNull();
    assertThat(nothingNew.problem()).contains("learned from all " + test.length + " test rows");
    assertThat(notNumbers.result()).isNull();
    assertThat(notNumbers.problem())
        .contains("%,d of %,d scores are not finite numbers".formatted(test.length, test.length));
  }

  @Test
  void refusesACandidateWhoseScoresAreNoNumbers() {
    float[] scores =
        new TrainedModel(withoutNumbers(), PurchaseDefinition.MODEL.names(), good.mappings())
            .scores(table, test);

    assertThatThrownBy(() -> ModelComparisons.metrics(scores, table.labels(test)))
        .isInstanceOfSatisfying(
            PipelineException.class,
            failure -> {
              assertThat(failure.failure()).isEqualTo(PipelineFailure.SCORES_UNUSABLE);
              assertThat(failure.getMessage())
                  .contains(
                      "%1$,d of %1$,d scores are no probability, the first NaN in row 0"
                          .formatted(test.length));
            });
  }
}
