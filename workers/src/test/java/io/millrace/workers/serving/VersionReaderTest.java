package io.millrace.workers.serving;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.activities.registry.ArtifactFolder;
import io.millrace.core.models.PurchaseDefinition;
import io.millrace.core.registry.ModelVersion;
import io.millrace.core.serving.ModelSchema;
import io.millrace.core.serving.ModelSchema.Input;
import io.millrace.core.serving.ModelSchema.Kind;
import io.millrace.core.serving.ModelSchema.Missing;
import io.millrace.core.training.BaselineStatistics;
import io.millrace.core.training.CategoryMappings;
import io.millrace.core.training.OrdinalEncoding;
import io.millrace.serving.models.VersionFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a version's files are read as, or which of them is refused and why. */
class VersionReaderTest {
  private static final Path MODELS = Path.of("../core/src/test/resources/serving");
  private static final ModelVersion VERSION =
      new ModelVersion("shop", "3", "run", "mlflow-artifacts:/1/run", Map.of(), 1, 2);
  private static final long MAX = 1 << 20;

  private final Map<String, byte[]> files = new TreeMap<>();

  private final class Folder implements ArtifactFolder {
    @Override
    public String uri() {
      return VERSION.source();
    }

    @Override
    public Map<String, Long> files(String folder) {
      Map<String, Long> found = new TreeMap<>();
      String start = folder.isEmpty() ? "" : folder + "/";
      files.forEach(
          (path, bytes) -> {
            if (path.startsWith(start) && path.indexOf('/', start.length()) < 0) {
              found.put(path.substring(start.length()), (long) bytes.length);
            }
          });
      return found;
    }

    @Override
    public Optional<byte[]> read(String path) {
      return Optional.ofNullable(files.get(path));
    }
  }

  private VersionFiles read() {
    return new VersionReader(version -> new Folder(), MAX).read(VERSION);
  }

  private static byte[] model(String file) {
    try {
      return Files.readAllBytes(MODELS.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private VersionReaderTest with(String file, String text) {
    files.put(file, text.getBytes(UTF_8));
    return this;
  }

  private VersionReaderTest with(String file, byte[] bytes) {
    files.put(file, bytes);
    return this;
  }

  private VersionReaderTest withSchema(ModelSchema schema) {
    return with("serving_schema.json", schema.toJson());
  }

  private VersionReaderTest withMlmodel(String file, String modelClass, String columns) {
    return with(
        "MLmodel",
        """
        artifact_path: model
        flavors:
          python_function:
            data: %1$s
            loader_module: mlflow.xgboost
          xgboost:
            code: null
            data: %1$s
            model_class: %2$s
            model_format: ubj
        model_id: m-1
        signature:
          inputs: '%3$s'
          params: null
        """
            .formatted(file, modelClass, columns));
  }

  private static String columns(String type, String... names) {
    return Arrays.stream(names)
        .map(
            name ->
                "{\"type\": \"%s\", \"name\": \"%s\", \"required\": true}".formatted(type, name))
        .collect(Collectors.joining(", ", "[", "]"));
  }

  private void requireRefused(String... sides) {
    assertThatThrownBy(this::read)
        .isInstanceOf(IllegalArgumentException.class)
        .message()
        .contains(sides);
  }

  @Test
  void whatAClientOfMlflow3LogsNeedsNothingElse() {
    with("model.ubj", model("3.2.0-named.ubj"));
    withMlmodel("model.ubj", "xgboost.core.Booster", columns("double", "a", "b", "c", "d"));
    with("conda.yaml", "x").with("requirements.txt", "y");

    ModelSchema schema = read().schema();

    assertThat(schema).isEqualTo(ModelSchema.numbers(List.of("a", "b", "c", "d")));
  }

  @Test
  void aColumnThatIsOptionalIsScoredAsMissing() {
    with("model.ubj", model("3.2.0-named.ubj"));
    withMlmodel(
        "model.ubj",
        "xgboost.core.Booster",
        columns("double", "a", "b", "c", "d").replaceFirst("true", "false"));

    assertThat(read().schema().inputs().get(0))
        .isEqualTo(new Input("a", Kind.NUMBER, Missing.NAN, Float.NaN));
    assertThat(read().schema().inputs().get(1)).isEqualTo(Input.number("b"));
  }

  @Test
  void withoutASignatureTheInputsAreThoseOfTheModel() {
    with("model.ubj", model("3.2.0-named.ubj"));
    with("MLmodel", "flavors: {xgboost: {data: model.ubj}}");
    assertThat(read().schema().names()).containsExactly("a", "b", "c", "d");

    with("model.ubj", model("iris.ubj"));
    assertThat(read().schema().names()).containsExactly("f0", "f1", "f2", "f3");
  }

  @Test
  void aSignatureOfTensorsHasNoNames() {
    with("model.ubj", model("3.2.0-named.ubj"));
    withMlmodel(
        "model.ubj",
        "xgboost.core.Booster",
        "[{\"type\": \"tensor\", \"tensor-spec\": {\"dtype\": \"float64\", \"shape\": [-1, 4]}}]");

    assertThat(read().schema().names()).containsExactly("a", "b", "c", "d");
  }

  @ParameterizedTest
  @CsvSource({"model.xgb, iris.ubj", "model.json, iris.json", "deep.bin, iris.ubj"})
  void theModelIsTheFileThatMlmodelNames(String name, String file) {
    with(name, model(file)).with("model.ubj", "something else");
    with("MLmodel", "flavors: {xgboost: {data: " + name + "}}");
    assertThat(read().scorer().features()).isEqualTo(4);
  }

  @Test
  void withoutMlmodelItIsModelUbjOrModelJson() {
    with("model.json", model("iris.json"));
    assertThat(read().scorer().features()).isEqualTo(4);
    with("model.ubj", model("3.2.0-named.ubj"));
    assertThat(read().schema().names()).containsExactly("a", "b", "c", "d");
    files.clear();
    requireRefused("Version 3 of 'shop' has no model.ubj below mlflow-artifacts:/1/run");
  }

  @Test
  void ourOwnFilesMayBeExtraFiles() {
    with("model.ubj", model("iris.ubj"));
    with("MLmodel", "flavors: {xgboost: {data: model.ubj}}");
    ModelSchema schema =
        new ModelSchema(
            ModelSchema.numbers(List.of("w", "x", "y", "z")).inputs(), List.of("p", "q", "r"));
    with("extra_files/serving_schema.json", schema.toJson());

    assertThat(read().schema()).isEqualTo(schema);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "flavors: {sklearn: {pickled_model: model.pkl}, python_function: {}} | [sklearn,"
            + " python_function] | mlflow.xgboost.log_model",
        "flavors: {lightgbm: {data: m}} | [lightgbm] | only xgboost can be served",
        "flavors: {} | [] | only xgboost can be served",
        "just a text | [] | only xgboost can be served",
        "flavors: {xgboost: {model_format: ubj}} | flavors.xgboost.data is missing | which file",
        "'flavors: [' | not valid YAML | at line 1",
        "!!javax.script.ScriptEngineManager [] | not valid YAML | MLmodel",
        "flavors: {xgboost: {data: model.ubj, model_class: my.Own}} | 'my.Own' | is not known here",
        "flavors: {xgboost: {data: gone.ubj}} | has no gone.ubj | ModelVersion 3"
      })
  void saysWhyAnotherFlavourIsNotServed(String mlmodel, String one, String other) {
    with("model.ubj", model("iris.ubj")).with("model.pkl", "\u0080\u0005").with("MLmodel", mlmodel);

    requireRefused(one, other);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.7.6", "2.1.4", "3.2.0"})
  void theWrapperScoresWithItsBestRoundsAndABoosterWithAll(String version) {
    with("model.ubj", model(version + "-early.ubj"));
    withMlmodel(
        "model.ubj", "xgboost.sklearn.XGBClassifier", columns("double", "a", "b", "c", "d", "e"));
    float[] best = scores(version + "-early.predictions.csv");
    float[] all = scores(version + "-early_booster.predictions.csv");

    requireScores(read(), best);

    withMlmodel("model.ubj", "xgboost.core.Booster", columns("double", "a", "b", "c", "d", "e"));
    requireScores(read(), all);
    files.remove("MLmodel");
    requireScores(read(), best);
  }

  @Test
  void aBoosterThatStoppedEarlyAndOfWhichNothingSaysHowItIsScoredIsRefused() {
    with("model.ubj", model("3.2.0-early_booster.ubj"));
    requireRefused("model.ubj stopped early", "golden_batch.json", "model_class", "save booster[:");

    // Serving predicts it before it serves the version.
    with("golden_batch.json", "{}");
    requireScores(read(), scores("3.2.0-early_booster.predictions.csv"));
  }

  private static float[] scores(String file) {
    List<String> lines = new String(model(file), UTF_8).lines().toList();
    float[] scores = new float[lines.size()];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = Float.parseFloat(lines.get(i));
    }
    return scores;
  }

  private static void requireScores(VersionFiles files, float[] expected) {
    List<String> lines = new String(model("rows.csv"), UTF_8).lines().toList();
    float[] rows = new float[lines.size() * 5];
    for (int row = 0; row < lines.size(); row++) {
      String[] cells = lines.get(row).split(",");
      for (int i = 0; i < 5; i++) {
        rows[row * 5 + i] = Float.parseFloat(cells[i].replace("nan", "NaN"));
      }
    }
    float[] actual = new float[lines.size()];
    files.scorer().scoreInto(rows, lines.size(), actual);
    for (int row = 0; row < actual.length; row++) {
      assertThat(actual[row]).isCloseTo(expected[row], Offset.offset(1e-6f));
    }
  }

  @Test
  void zeroThatStoodForAMissingValueIsTakenFromTheModel() {
    with("model.ubj", model("1.7.6-zeros.ubj"));
    withMlmodel(
        "model.ubj", "xgboost.sklearn.XGBRegressor", columns("double", "a", "b", "c", "d", "e"));
    assertThat(read().schema().missingValue()).isEqualTo(0f);

    withSchema(ModelSchema.numbers(List.of("a", "b", "c", "d", "e")));
    requireRefused("trained with 0.0 for a missing value", "missing_value", "not given");
  }

  @Test
  void filesThatBothNameTheInputsNameThemAlike() {
    with("model.ubj", model("iris.ubj"));
    withSchema(ModelSchema.numbers(List.of("a", "b", "c", "d")));
    with("feature_order.json", "[\"a\", \"b\", \"c\", \"d\"]");
    withMlmodel("model.ubj", "xgboost.core.Booster", columns("double", "a", "b", "c", "d"));
    assertThat(read().schema().names()).containsExactly("a", "b", "c", "d");

    with("feature_order.json", "[\"b\", \"a\", \"c\", \"d\"]");
    requireRefused("feature_order.json has the inputs [b, a, c, d]", "schema has [a, b, c, d]");

    with("feature_order.json", "[\"a\", \"b\", \"c\", \"d\"]");
    withMlmodel("model.ubj", "xgboost.core.Booster", columns("double", "a", "c", "b", "d"));
    requireRefused("MLmodel's signature has the inputs [a, c, b, d]", "schema has [a, b, c, d]");
  }

  @Test
  void aTextInTheSignatureIsNoNumber() {
    with("model.ubj", model("iris.ubj"));
    withMlmodel("model.ubj", "xgboost.core.Booster", columns("string", "a", "b", "c", "d"));
    requireRefused("'a' is a number in the schema", "of type string in MLmodel's signature");
  }

  @Test
  void whatTheBaselineCountedIsWhatTheModelTakes() {
    with("model.ubj", model("iris.ubj"));
    withSchema(
        new ModelSchema(
            List.of(
                Input.category("brand"), Input.number("b"), Input.number("c"), Input.number("d")),
            List.of()));
    with("category_mappings.json", codes(20));
    String numeric = "\"numeric\": {\"b\": {}, \"c\": {}, \"d\": {}}";
    String label = "\"bought\": {\"counts\": {\"1\": 3}}";
    with(
        "baseline_statistics.json",
        "{%s, \"categorical\": {\"brand\": {\"counts\": {\"v0\": 3}}, %s}}"
            .formatted(numeric, label));
    assertThat(read().schema().names()).hasSize(4);

    with(
        "baseline_statistics.json",
        "{%s, \"categorical\": {\"brand\": {\"counts\": {\"nokia\": 3}}}}".formatted(numeric));
    requireRefused("'nokia' of 'brand'", "baseline_statistics.json", "category_mappings.json");

    with("baseline_statistics.json", "{%s, \"categorical\": {%s}}".formatted(numeric, label));
    requireRefused("'brand' of the schema is not in baseline_statistics.json", "[b, c, d]");

    with(
        "baseline_statistics.json",
        "{\"numeric\": {\"b\": {}, \"c\": {}, \"d\": {}, \"brand\": {}}}");
    requireRefused("'brand' is a category in the schema", "number in baseline_statistics.json");
  }

  private static String codes(int count) {
    return IntStream.range(0, count)
        .mapToObj(code -> "\"v%d\":%d".formatted(code, code))
        .collect(Collectors.joining(",", "{\"brand\":{", "}}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "serving_schema.json | {\"inputs\": [} | it is not valid JSON at line 1, column",
        "serving_schema.json | [] | the document must be an object, but is a list",
        "serving_schema.json | {\"inputs\": [3]} | an input must be an object, but is a number",
        "feature_order.json | [\"a\" | it ends in the middle of the document",
        "feature_order.json | {\"a\": 1} | must be a list of names",
        "feature_order.json | [1, 2, 3, 4] | must be a list of names",
        "category_mappings.json | {\"brand\": } | it is not valid JSON at line 1, column 11",
        "category_mappings.json | [] | must be an object",
        "category_mappings.json | {\"brand\": 3} | codes of 'brand' must be an object",
        "category_mappings.json | {\"brand\": {\"a\": \"x\"}} | codes of 'brand' must be an object",
        "category_mappings.json | {\"brand\": {\"a\": 1e99}} | codes of 'brand' must be an object",
        "baseline_statistics.json | {]} | it is not valid JSON at line 1"
      })
  void aFileThatCannotBeReadIsNamedInPlainWords(String file, String text, String reason) {
    with("model.ubj", model("iris.ubj"));
    withSchema(ModelSchema.numbers(List.of("a", "b", "c", "d")));
    with(file, text);

    assertThatThrownBy(this::read)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(file)
        .hasMessageContaining(reason)
        .message()
        .doesNotContain("START_", "VALUE_", "Source", "com.fasterxml");
  }

  @Test
  void aFileThatDoesNotFitIntoMemoryIsNotRead() {
    with("model.ubj", new byte[(int) MAX + 1]);
    requireRefused("model.ubj has 1,048,577 bytes", "memory for 1,048,576 at most", "-Xmx");
  }

  @Test
  void whatTheTrainingPipelineRegistersAgrees() {
    CategoryMappings mappings =
        new CategoryMappings(
            Map.of(
                "brand", OrdinalEncoding.fit(List.of("apple", "sony")),
                "event_weekday", OrdinalEncoding.fit(List.of("0", "1", "2", "3", "4", "5", "6")),
                "category_code_level1", OrdinalEncoding.fit(List.of("electronics")),
                "category_code_level2", OrdinalEncoding.fit(List.of("audio"))));
    Map<String, BaselineStatistics.Numeric> numeric =
        Map.of(
            "price", BaselineStatistics.numeric(new double[] {1, 2}),
            "activity_count", BaselineStatistics.numeric(new double[] {1, 2}));
    Map<String, BaselineStatistics.Categorical> categorical = new TreeMap<>();
    categorical.put("brand", BaselineStatistics.categorical(List.of("sony")));
    categorical.put("event_weekday", BaselineStatistics.categorical(List.of("0", "6")));
    categorical.put("category_code_level1", BaselineStatistics.categorical(List.of("electronics")));
    categorical.put("category_code_level2", BaselineStatistics.categorical(List.of("audio")));
    categorical.put("is_purchased", BaselineStatistics.categorical(List.of("0", "1")));
    with(
        "model.ubj",
        """
        {"learner": {"feature_names": %s,
          "learner_model_param": {"base_score": "5E-1", "num_feature": "6"},
          "objective": {"name": "binary:logistic"}, "gradient_booster": {"name": "gbtree",
          "model": {"trees": [{"left_children": [1, -1, -1], "right_children": [2, -1, -1],
            "split_indices": [2, 0, 0], "split_conditions": [6, 1, 2],
            "default_left": [0, 0, 0]}]}}}}
        """
            .formatted(names(PurchaseDefinition.MODEL.names())));
    with("category_mappings.json", mappings.toJson());
    with("baseline_statistics.json", new BaselineStatistics(2, numeric, categorical).toJson());
    with("feature_order.json", names(PurchaseDefinition.MODEL.names()));
    withSchema(PurchaseDefinition.MODEL.schema());
    withMlmodel(
        "model.ubj",
        "xgboost.core.Booster",
        columns("long", PurchaseDefinition.MODEL.names().toArray(String[]::new)));

    assertThat(read().schema()).isEqualTo(PurchaseDefinition.MODEL.schema());
    assertThat(read().mappings()).isEqualTo(mappings);
  }

  private static String names(List<String> names) {
    return names.stream().collect(Collectors.joining("\", \"", "[\"", "\"]"));
  }

  @Test
  void theModelFileIsNamedWithItsFault() {
    with("model.ubj", "binf" + "\u0000".repeat(200));
    requireRefused("model.ubj: The model is in XGBoost's old binary format", "model.ubj')");
  }
}
