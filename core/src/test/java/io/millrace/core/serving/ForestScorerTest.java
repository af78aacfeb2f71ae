package io.millrace.core.serving;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ForestScorerTest {

  private static byte[] model(String left, String right, String features, String conditions) {
    return """
    {"learner": {"learner_model_param": {"base_score": "0E0", "num_feature": "1"},
      "objective": {"name": "reg:squarederror"}, "gradient_booster": {"name": "gbtree",
      "model": {"trees": [{"left_children": %s, "right_children": %s, "split_indices": %s,
        "split_conditions": %s, "default_left": [0, 0, 0], "split_type": [0, 0, 0]}]}}}}
    """
        .formatted(left, right, features, conditions)
        .getBytes(UTF_8);
  }

  @ParameterizedTest
  @CsvSource({"9.999999, 1", "10, 2", "10.000001, 2", "-Infinity, 1", "Infinity, 2", "NaN, 2"})
  void comparesWithTheThreshold(float value, float expected) {
    ForestScorer scorer =
        ForestScorer.ofXgboostJson(model("[1, -1, -1]", "[2, -1, -1]", "[0, 0, 0]", "[10, 1, 2]"));

    assertThat(scorer.score(new float[] {value})).isEqualTo(expected);
    assertThat(scorer.trees()).isEqualTo(1);
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
        "[1, -1, -1] | [2, -1, -1] | [0.5, 0, 0]",
        "[1, -1, -1] | [2, -1] | [0, 0, 0]",
        "[\"a\", -1, -1] | [2, -1, -1] | [0, 0, 0]",
        "[null, -1, -1] | [2, -1, -1] | [0, 0, 0]",
        "[] | [] | []",
        "5 | [2, -1, -1] | [0, 0, 0]"
      })
  void refusesADamagedTree(String left, String right, String features) {
    assertThatThrownBy(() -> ForestScorer.ofXgboostJson(model(left, right, features, "[10, 1, 2]")))
        .isInstanceOf(UnsupportedModelException.class);
  }

  @Test
  void refusesArraysOfAnotherLength() {
    ForestScorer scorer = ForestScorer.ofXgboostJson(Golden.bytes("3.2.0-logistic.ubj"));

    assertThatThrownBy(() -> scorer.score(new float[6]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("The row has 6 features, the model expects 5");
    assertThatThrownBy(() -> scorer.scoreInto(new float[9], 2, new float[2]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Rows 0 to 2 of 5 features each do not fit into 9 values");
    assertThatThrownBy(() -> scorer.scoreInto(new float[10], 2, new float[1]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Rows up to 2 give 2 values, but the output has room for 1");
  }
}
