package io.millrace.serving.models;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.serving.ModelSchema;
import io.millrace.core.serving.ModelSchema.Input;
import io.millrace.core.serving.ModelSchema.Kind;
import io.millrace.core.serving.ModelSchema.Missing;
import io.millrace.core.serving.Scorer;
import io.millrace.core.serving.XgboostModel;
import io.millrace.core.training.CategoryMappings;
import io.millrace.core.training.OrdinalEncoding;
import io.millrace.serving.FakeModels;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every two parts of a version that say the same thing: alike, or refused with both sides. */
class PartsAgreementTest {
  private static final Path MODELS = Path.of("../core/src/test/resources/serving");
  private static final CategoryMappings NONE = new CategoryMappings(Map.of());

  private static Scorer model(String file) {
    try {
      return Scorer.read(Files.readAllBytes(MODELS.resolve(file)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ModelSchema numbers(String... names) {
    return ModelSchema.numbers(List.of(names));
  }

  private static ModelSchema labelled(int inputs, String... labels) {
    return new ModelSchema(
        IntStream.range(0, inputs).mapToObj(i -> Input.number("n" + i)).toList(), List.of(labels));
  }

  private static CategoryMappings codes(String feature, int count) {
    return new CategoryMappings(
        Map.of(
            feature,
            OrdinalEncoding.ofOrdered(IntStream.range(0, count).mapToObj(i -> "v" + i).toList())));
  }

  private static void requireRefused(
      ModelSchema schema, CategoryMappings mappings, Scorer model, String... sides) {
    assertThatThrownBy(() -> new VersionFiles(schema, mappings, model, null))
        .isInstanceOf(IllegalArgumentException.class)
        .message()
        .contains(sides);
  }

  private static void requireTaken(ModelSchema schema, CategoryMappings mappings, Scorer model) {
    assertThatCode(() -> new VersionFiles(schema, mappings, model, null))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.7.6", "2.1.4", "3.2.0"})
  void namesInTheOrderOfTheTraining(String version) {
    Scorer named = model(version + "-named.ubj");

    requireTaken(numbers("a", "b", "c", "d"), NONE, named);
    requireRefused(
        numbers("b", "a", "c", "d"),
        NONE,
        named,
        "Input 0 of the schema is 'b', but feature 0 of the model is 'a'",
        "the schema has [b, a, c, d], the model was trained with [a, b, c, d]");
    List<String> order = new ArrayList<>(List.of("a", "b", "c", "d"));
    for (int turn = 0; turn < 20; turn++) {
      Collections.shuffle(order, new Random(turn));
      ModelSchema schema = ModelSchema.numbers(order);
      if (order.equals(List.of("a", "b", "c", "d"))) {
        requireTaken(schema, NONE, named);
      } else {
        requireRefused(schema, NONE, named, order.toString(), "[a, b, c, d]");
      }
    }
  }

  @Test
  void otherNamesAndOtherNumbersOfInputs() {
    Scorer named = model("3.2.0-named.ubj");

    requireRefused(numbers("a", "b", "c", "e"), NONE, named, "'e'", "'d'");
    requireRefused(numbers("A", "b", "c", "d"), NONE, named, "'A'", "'a'");
    requireRefused(numbers("a", "b", "c"), NONE, named, "has 3 inputs", "takes 4");
    requireRefused(numbers("a", "b", "c", "d", "e"), NONE, named, "has 5 inputs", "takes 4");
  }

  @Test
  void aModelThatWasTrainedWithoutNamesTakesTheSchemas() {
    requireTaken(numbers("v", "w", "x", "y", "z"), NONE, model("3.2.0-pseudohuber.ubj"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "iris.ubj | 4 | 3 | multi:softprob | 3 classes",
        "3.2.0-softmax.json | 5 | 3 | multi:softmax | 3 classes",
        "3.2.0-logistic.ubj | 5 | 2 | binary:logistic | 2 classes",
        "3.2.0-hinge.json | 5 | 2 | binary:hinge | 2 classes",
        "3.2.0-targets.json | 5 | 2 | reg:squarederror | 2 classes or values",
        "3.2.0-labels2.ubj | 5 | 2 | binary:logistic | 2 classes or values",
        "3.2.0-squared.json | 5 | 0 | reg:squarederror | no classes",
        "3.2.0-poisson.ubj | 5 | 0 | count:poisson | no classes",
        "3.2.0-logitraw.ubj | 5 | 0 | binary:logitraw | no classes"
      })
  void labelsAreAsManyAsThereAreClasses(
      String file, int inputs, int labels, String objective, String wanted) {
    Scorer model = model(file);
    for (int count = 0; count < 5; count++) {
      String[] names = IntStream.range(0, count).mapToObj(i -> "label " + i).toArray(String[]::new);
      if (count == 0 || count == labels) {
        requireTaken(labelled(inputs, names), NONE, model);
      } else {
        requireRefused(labelled(inputs, names), NONE, model, count + " labels", objective, wanted);
      }
    }
  }

  @Test
  void labelsAreDifferent() {
    assertThatThrownBy(() -> labelled(4, "setosa", "setosa", "virginica"))
        .hasMessageContaining("[setosa, setosa, virginica]");
  }

  @Test
  void aCategoryHasCodesAndANumberHasNone() {
    Scorer model = FakeModels.scorer(3, "reg:squarederror", 1, 2);
    ModelSchema category =
        new ModelSchema(
            List.of(Input.category("brand"), Input.number("price"), Input.number("count")),
            List.of());

    requireTaken(category, codes("brand", 3), model);
    requireRefused(
        category, codes("brnd", 3), model, "'brand' is a category in the schema", "[brnd]");
    requireRefused(category, NONE, model, "'brand' is a category in the schema", "[]");
    requireRefused(
        numbers("brand", "price", "count"),
        codes("brand", 3),
        model,
        "'brand' is a number in the schema",
        "category_mappings.json has codes for it");
  }

  @ParameterizedTest
  @CsvSource({
    "-1, true",
    "0, true",
    "2, true",
    "3, false",
    "-2, false",
    "0.5, false",
    "1e30, false"
  })
  void theDefaultOfACategoryIsOneOfItsCodes(float code, boolean taken) {
    Scorer model = FakeModels.scorer(2, "reg:squarederror", 1, 2);
    ModelSchema schema =
        new ModelSchema(
            List.of(
                new Input("brand", Kind.CATEGORY, Missing.DEFAULT, code), Input.number("price")),
            List.of());

    if (taken) {
      requireTaken(schema, codes("brand", 3), model);
    } else {
      requireRefused(
          schema, codes("brand", 3), model, "default " + code, "-1 for unknown and 0 to 2");
    }
  }

  @Test
  void aModelSplitsOnCodesThatThereAre() {
    // The tree splits its second input at 10.
    Scorer model = FakeModels.scorer(2, "reg:squarederror", 1, 2);
    ModelSchema schema =
        new ModelSchema(List.of(Input.number("price"), Input.category("brand")), List.of());

    requireTaken(schema, codes("brand", 20), model);
    requireTaken(schema, codes("brand", 11), model);
    requireRefused(schema, codes("brand", 4), model, "splits 'brand' at 10.0", "the codes 0 to 3");
  }

  @Test
  void aFeatureThatXgboostTookForACategoryIsNoNumber() {
    String text =
        """
        {"learner": {"feature_names": ["a", "b"], "feature_types": ["float", "%s"],
          "learner_model_param": {"base_score": "0E0", "num_feature": "2"},
          "objective": {"name": "reg:squarederror"}, "gradient_booster": {"name": "gbtree",
          "model": {"trees": [{"left_children": [-1], "right_children": [-1],
            "split_indices": [0], "split_conditions": [1], "default_left": [0]}]}}}}
        """;
    Scorer category = Scorer.read(text.formatted("c").getBytes(UTF_8));
    Scorer whole = Scorer.read(text.formatted("int").getBytes(UTF_8));

    requireRefused(
        numbers("a", "b"),
        NONE,
        category,
        "'b' is a number in the schema",
        "category in the model");
    requireTaken(numbers("a", "b"), NONE, whole);
    requireTaken(
        new ModelSchema(List.of(Input.number("a"), Input.category("b")), List.of()),
        codes("b", 2),
        category);
  }

  @Test
  void whatStandsForAMissingValueIsSaidAlike() {
    Scorer zeros = model("1.7.6-zeros.ubj");
    List<Input> inputs =
        IntStream.range(0, 5)
            .mapToObj(i -> new Input("n" + i, Kind.NUMBER, Missing.NAN, Float.NaN))
            .toList();

    requireTaken(new ModelSchema(inputs, List.of(), 0f), NONE, zeros);
    requireRefused(
        new ModelSchema(inputs, List.of()),
        NONE,
        zeros,
        "trained with 0.0 for a missing value",
        "missing_value of the schema is not given");
    requireRefused(
        new ModelSchema(inputs, List.of(), -999f), NONE, zeros, "trained with 0.0", "is -999.0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.7.6", "2.1.4", "3.2.0"})
  void zeroThatStoodForAMissingValueStillDoesWhenRowsAreScored(String version) throws Exception {
    List<Input> inputs =
        IntStream.range(0, 5)
            .mapToObj(i -> new Input("n" + i, Kind.NUMBER, Missing.NAN, Float.NaN))
            .toList();
    ServedVersion served = served(new ModelSchema(inputs, List.of(), 0f), version);
    ServedVersion otherwise =
        version.startsWith("1.") ? null : served(new ModelSchema(inputs, List.of()), version);
    List<String> expected = Files.readAllLines(MODELS.resolve(version + "-zeros.predictions.csv"));
    Rows rows = new Rows(served.encoder());
    for (String line : Files.readAllLines(MODELS.resolve("1.7.6-zeros.rows.csv"))) {
      rows.begin();
      String[] cells = line.split(",");
      for (int i = 0; i < cells.length; i++) {
        if (!cells[i].equals("nan")) {
          rows.number(i, Double.parseDouble(cells[i]), "");
        }
      }
      rows.end("");
    }

    Scores scores = served.score(rows);

    boolean differs = false;
    for (int row = 0; row < expected.size(); row++) {
      float python = Float.parseFloat(expected.get(row));
      assertThat(Math.abs(scores.at(row, 0) - python))
          .isLessThanOrEqualTo(1e-6f * Math.max(1, Math.abs(python)));
      differs |= otherwise != null && Math.abs(otherwise.score(rows).at(row, 0) - python) > 1e-3;
    }
    assertThat(differs).as("the rows tell both apart").isEqualTo(otherwise != null);
  }

  private static ServedVersion served(ModelSchema schema, @Nullable String version) {
    return ServedVersion.of(
        "m",
        "1",
        "champion",
        "",
        new VersionFiles(schema, NONE, model(version + "-zeros.ubj"), null));
  }

  @Test
  void theScikitLearnWrapperScoresWithItsBestRounds() throws Exception {
    byte[] early = Files.readAllBytes(MODELS.resolve("3.2.0-early3.ubj"));
    Scorer best = XgboostModel.read(early).scorerOfBestRounds();

    assertThat(best.description().bestRounds()).isLessThan(best.description().rounds());
    requireTaken(labelled(5, "a", "b", "c"), NONE, best);
  }
}
