package io.millrace.core.serving;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Golden models and predictions: {@code src/test/python/forest_golden.py}, XGBoost 3.0.4. */
class ForestScorerTest {

  @ParameterizedTest
  @ValueSource(strings = {"binary", "regression", "stump"})
  void agreesWithXgboostAlsoOnMissingValues(String model) throws IOException {
    ForestScorer scorer = ForestScorer.ofXgboostJson(resource(model + ".json"));

    List<String> lines = new String(resource(model + ".csv"), UTF_8).lines().toList();

    assertThat(lines).hasSize(200);
    for (String line : lines) {
      String[] cells = line.split(",");
      float[] row = new float[cells.length - 1];
      for (int i = 0; i < row.length; i++) {
        row[i] = cells[i].equals("nan") ? Float.NaN : Float.parseFloat(cells[i]);
      }
      float expected = Float.parseFloat(cells[row.length]);
      assertThat(scorer.score(row)).as(line).isCloseTo(expected, within(1e-6f));
    }
  }

  @Test
  void refusesARowOfAnotherLength() throws IOException {
    ForestScorer scorer = ForestScorer.ofXgboostJson(resource("binary.json"));

    assertThatThrownBy(() -> scorer.score(new float[5]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("The row has 5 features, the model expects 6");
  }

  @Test
  void refusesWhatItCannotScoreExactly() {
    assertThatThrownBy(() -> ForestScorer.ofXgboostJson(resource("dart.json")))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContaining("'dart'");
    assertThatThrownBy(() -> ForestScorer.ofXgboostJson(resource("softprob.json")))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContaining("multi:softprob");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "[]", "{}", "{\"learner\":{}}", "{\"learner\":3}", "\u0000"})
  void refusesWhatIsNoModel(String json) {
    assertThatThrownBy(() -> ForestScorer.ofXgboostJson(json.getBytes(UTF_8)))
        .isInstanceOf(UnsupportedModelException.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[1, -1, -1] | [0, -1, -1] | [0, 0, 0]",
        "[1, 2, -1] | [2, 1, -1] | [0, 0, 0]",
        "[1, -1, -1] | [3, -1, -1] | [0, 0, 0]",
        "[1, -1, -1] | [2, -1, -1] | [-1, 0, 0]",
        "[1, -1, -1] | [2, -1, -1] | [7, 0, 0]",
        "[1, -1, -1] | [2, -1] | [0, 0, 0]",
        "[\"a\", -1, -1] | [2, -1, -1] | [0, 0, 0]",
        "[null, -1, -1] | [2, -1, -1] | [0, 0, 0]",
        "5 | [2, -1, -1] | [0, 0, 0]"
      })
  void refusesADamagedTree(String left, String right, String features) {
    String json =
        """
        {"learner": {"learner_model_param": {"base_score": "0E0", "num_feature": "1"},
          "objective": {"name": "reg:squarederror"}, "gradient_booster": {"name": "gbtree",
          "model": {"trees": [{"left_children": %s, "right_children": %s, "split_indices": %s,
            "split_conditions": [1, 2, 3], "default_left": [0, 0, 0], "split_type": [0, 0, 0]}]}}}}
        """
            .formatted(left, right, features);

    assertThatThrownBy(() -> ForestScorer.ofXgboostJson(json.getBytes(UTF_8)))
        .isInstanceOf(UnsupportedModelException.class);
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream stream = ForestScorerTest.class.getResourceAsStream("/serving/" + name)) {
      return stream.readAllBytes();
    }
  }
}
