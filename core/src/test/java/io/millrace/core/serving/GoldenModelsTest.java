package io.millrace.core.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Models of three generations of Python's XGBoost, with that XGBoost's own predictions. */
class GoldenModelsTest {
  private static final List<String> MODELS =
      List.of(
          "logistic.ubj",
          "stump.json",
          "hinge.json",
          "squared.json",
          "absolute.ubj",
          "poisson.ubj",
          "tweedie.json",
          "gamma.ubj",
          "softprob.ubj",
          "softmax.json",
          "targets.json",
          "linear.json",
          "linear3.ubj");

  static Stream<String> models() {
    Stream<String> generations =
        Stream.of("1.7.6", "2.1.4", "3.2.0")
            .flatMap(version -> MODELS.stream().map(model -> version + "-" + model));
    return Stream.concat(
        generations, Stream.of("iris.json", "iris.ubj", "housing.json", "housing.ubj"));
  }

  @ParameterizedTest
  @MethodSource("models")
  void predictsAsThePythonThatTrained(String file) {
    Scorer scorer = Scorer.read(Golden.bytes(file));
    String model = file.substring(0, file.lastIndexOf('.'));
    float[][] rows = Golden.table(model.matches("\\d.*") ? "rows.csv" : model + ".rows.csv");
    float[][] expected = Golden.table(model + ".predictions.csv");

    float[] batch = new float[rows.length * scorer.outputs()];
    scorer.scoreInto(Golden.flat(rows), rows.length, batch);

    assertClose(batch, Golden.flat(expected));
    for (int i = 0; i < rows.length; i++) {
      float[] single = new float[scorer.outputs()];
      scorer.score(rows[i], single);
      assertClose(single, expected[i]);
    }
  }

  private static void assertClose(float[] actual, float[] expected) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      assertThat(Math.abs(actual[i] - expected[i]))
          .as("value %d: %s, expected %s", i, actual[i], expected[i])
          .isLessThanOrEqualTo(1e-6f * Math.max(1, Math.abs(expected[i])));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"housing.ubj", "iris.json"})
  void givesARowTheSameBitsAloneAndInAnyRange(String file) {
    Scorer scorer = Scorer.read(Golden.bytes(file));
    float[][] rows = Golden.table(file.substring(0, file.indexOf('.')) + ".rows.csv");
    int outputs = scorer.outputs();
    float[] batch = new float[rows.length * outputs];
    scorer.scoreInto(Golden.flat(rows), rows.length, batch);
    float[] parts = new float[batch.length];
    for (int first = 0, count = 1; first < rows.length; first += count, count++) {
      scorer.scoreInto(Golden.flat(rows), first, Math.min(count, rows.length - first), parts);
    }

    assertThat(parts).isEqualTo(batch);
    for (int i = 0; i < rows.length; i++) {
      float[] single = new float[outputs];
      scorer.score(rows[i], single);
      assertThat(single).isEqualTo(Arrays.copyOfRange(batch, i * outputs, (i + 1) * outputs));
    }
  }

  @Test
  void scoresTheSameBitsOnAllCores() {
    Scorer scorer = Scorer.read(Golden.bytes("housing.ubj"));
    float[] few = Golden.flat(Golden.table("housing.rows.csv"));
    int count = 2 * Scorer.RANGE + 37;
    float[] rows = new float[count * scorer.features()];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = few[i % few.length];
    }
    float[] alone = new float[count];
    float[] parallel = new float[count];

    scorer.scoreInto(rows, count, alone);
    scorer.scoreParallel(rows, count, parallel);

    assertThat(parallel).isEqualTo(alone);
    scorer.scoreParallel(rows, 0, parallel);
  }

  @Test
  void saysWhatAModelTakesAndGives() {
    Scorer iris = Scorer.read(Golden.bytes("iris.ubj"));

    assertThat(iris.features()).isEqualTo(4);
    assertThat(iris.outputs()).isEqualTo(3);
    assertThat(iris.objective()).isEqualTo("multi:softprob");
    assertThatThrownBy(() -> iris.score(new float[4]))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("The model (multi:softprob) gives 3 values a row; use score(row, out)");
    assertThat(Scorer.read(Golden.bytes("3.2.0-softmax.json")).outputs()).isEqualTo(1);
  }

  @Test
  void comparesInfinitiesLikeNumbers() {
    Scorer scorer = Scorer.read(Golden.bytes("3.2.0-stump.json"));
    float[] huge = {3e38f, 3e38f, 3e38f, 3e38f, 3e38f};
    float[] infinite = new float[5];
    Arrays.fill(infinite, Float.POSITIVE_INFINITY);

    assertThat(scorer.score(infinite)).isEqualTo(scorer.score(huge));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "dart | Booster 'dart' is not supported, only gbtree and gblinear",
        "categorical | Categorical splits are not supported; encode categories as numbers",
        "vector_leaf | Trees with vector leaves are not supported; train with multi_strategy",
        "aft | Objective 'survival:aft' is not supported"
      })
  void refusesWhatItCannotScoreExactly(String model, String message) {
    assertThatThrownBy(() -> Scorer.read(Golden.bytes(model + ".ubj")))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void givesALinearModelOnlyAsAScorer() {
    byte[] linear = Golden.bytes("3.2.0-linear.json");

    assertThat(Scorer.read(linear)).isInstanceOf(LinearScorer.class);
    assertThatThrownBy(() -> ForestScorer.ofXgboostJson(linear))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContaining("Scorer.read");
  }
}
