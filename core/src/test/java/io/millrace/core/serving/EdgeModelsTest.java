package io.millrace.core.serving;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What XGBoost can do and seldom does: the same numbers as Python's, or a refusal by name. */
class EdgeModelsTest {
  private static final List<String> VERSIONS = List.of("1.7.6", "2.1.4", "3.2.0");

  private static Stream<String> each(String... models) {
    return VERSIONS.stream().flatMap(version -> Stream.of(models).map(m -> version + "-" + m));
  }

  static Stream<String> boosters() {
    return Stream.concat(
        each(
            "logitraw",
            "reglogistic",
            "squaredlog",
            "pseudohuber",
            "cox",
            "pairwise",
            "labels2",
            "random_forest",
            "early_booster",
            "early3_booster",
            "early_value_booster"),
        Stream.of("2.1.4-quantiles", "3.2.0-quantiles"));
  }

  static Stream<String> wrappers() {
    return each("early", "early3", "early_value");
  }

  @ParameterizedTest
  @MethodSource("boosters")
  void predictsAsBoosterPredict(String model) {
    assertPredicts(model, XgboostModel.read(Golden.bytes(model + ".ubj")).scorer());
  }

  @ParameterizedTest
  @MethodSource("wrappers")
  void predictsAsTheScikitLearnWrapperWithTheBestRounds(String model) {
    XgboostModel read = XgboostModel.read(Golden.bytes(model + ".ubj"));

    assertThat(read.description().wrapped()).isTrue();
    assertThat(read.description().stoppedEarly()).isTrue();
    assertPredicts(model, read.scorerOfBestRounds());
  }

  @ParameterizedTest
  @MethodSource("wrappers")
  void saysOfABoosterThatItStoppedEarlyButIsNotWrapped(String model) {
    ModelDescription booster =
        XgboostModel.read(Golden.bytes(model + "_booster.ubj")).description();

    assertThat(booster.wrapped()).isFalse();
    assertThat(booster.stoppedEarly()).isTrue();
  }

  private static void assertPredicts(String model, Scorer scorer) {
    float[][] rows = Golden.table("rows.csv");
    float[] expected = Golden.flat(Golden.table(model + ".predictions.csv"));
    float[] actual = new float[rows.length * scorer.outputs()];
    scorer.scoreInto(Golden.flat(rows), rows.length, actual);
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      assertThat(Math.abs(actual[i] - expected[i]))
          .as("value %d: %s, expected %s", i, actual[i], expected[i])
          .isLessThanOrEqualTo(1e-6f * Math.max(1, Math.abs(expected[i])));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.7.6", "2.1.4", "3.2.0"})
  void refusesAModelOfNoRoundsWhosePredictionXgboostsVersionsDoNotAgreeOn(String version) {
    assertThatThrownBy(() -> Scorer.read(Golden.bytes(version + "-no_rounds.ubj")))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageStartingWith("The model has no tree (zero rounds of training)")
        .hasMessageEndingWith("train at least one round");
  }

  @Test
  void refusesALinearModelOfNoRounds() {
    String model = new String(Golden.bytes("3.2.0-linear.json"), UTF_8);
    String empty = model.replaceFirst("\"weights\":\\[[^]]*]", "\"weights\":[]");

    assertThatThrownBy(() -> Scorer.read(empty.getBytes(UTF_8)))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageStartingWith("Damaged or untrained model: 0 weights");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.7.6", "2.1.4"})
  void saysThatTheOldBinaryFormatMustBeSavedAgain(String version) {
    assertThatThrownBy(() -> Scorer.read(Golden.bytes(version + "-old.bin")))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessage(
            "The model is in XGBoost's old binary format, which XGBoost 3.1 and later do not read"
                + " either; load it with an older XGBoost and save it with"
                + " Booster.save_model('model.ubj')");
  }

  @Test
  void knowsTheOldBinaryFormatWithoutItsMarkToo() {
    byte[] marked = Golden.bytes("1.7.6-old.bin");
    byte[] before090 = Arrays.copyOfRange(marked, 4, marked.length);

    assertThatThrownBy(() -> Scorer.read(before090)).hasMessageContaining("old binary format");
  }

  static Stream<Arguments> otherFormats() {
    return Stream.of(
        Arguments.of("\u0080\u0005\u0095", "a Python pickle"),
        Arguments.of("PK\u0003\u0004", "a ZIP archive"),
        Arguments.of("\u001f\u008b\u0008", "compressed with gzip"),
        Arguments.of("", "is empty"));
  }

  @ParameterizedTest
  @MethodSource("otherFormats")
  void namesOtherFormats(String start, String format) {
    assertThatThrownBy(() -> Scorer.read(start.getBytes(ISO_8859_1)))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContaining(format)
        .hasMessageEndingWith("save it again with Booster.save_model('model.ubj')");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.7.6", "2.1.4", "3.2.0"})
  void readsWhatAFileSaysAboutItself(String version) {
    ModelDescription named = XgboostModel.read(Golden.bytes(version + "-named.ubj")).description();

    assertThat(named.features()).isEqualTo(4);
    assertThat(named.featureNames()).containsExactly("a", "b", "c", "d");
    assertThat(named.featureTypes()).containsExactly("float", "int", "i", "q");
    assertThat(named.objective()).isEqualTo("reg:squarederror");
    assertThat(named.classes()).isZero();
    assertThat(named.rounds()).isEqualTo(3);
    assertThat(named.highestSplits().keySet()).isSubsetOf(0, 1, 2, 3).isNotEmpty();
  }

  @Test
  void readsWhatStoodForAMissingValueWhereTheWrapperWroteIt() {
    assertThat(XgboostModel.read(Golden.bytes("1.7.6-zeros.ubj")).description().missing())
        .hasValue(0);
    assertThat(XgboostModel.read(Golden.bytes("1.7.6-early.ubj")).description().missing())
        .isEmpty();
    assertThat(XgboostModel.read(Golden.bytes("3.2.0-zeros.ubj")).description().missing())
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "3.2.0-early3.ubj, 3, CLASS_PROBABILITIES",
    "3.2.0-early.ubj, 2, PROBABILITY",
    "3.2.0-labels2.ubj, 0, VALUES",
    "3.2.0-logitraw.ubj, 2, VALUES",
    "3.2.0-softmax.json, 3, CLASS",
    "3.2.0-quantiles.ubj, 0, VALUES",
    "3.2.0-squared.json, 0, VALUES"
  })
  void knowsHowManyClassesThereAreAndWhatTheNumbersMean(String file, int classes, Output output) {
    Scorer scorer = Scorer.read(Golden.bytes(file));

    assertThat(scorer.description().classes()).isEqualTo(classes);
    assertThat(scorer.output()).isEqualTo(output);
  }

  @Test
  void givesMadeUpNamesAsNone() {
    ModelDescription made =
        new ModelDescription(
            2,
            List.of("f0", "f1"),
            List.of(),
            "reg:squarederror",
            0,
            1,
            1,
            false,
            OptionalDouble.empty(),
            Map.of());

    assertThat(made.givenNames()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"iteration_indptr\":[0,1,2,3,4] | \"iteration_indptr\":[0,1,2,3,9] | tree 9",
        "\"iteration_indptr\":[0,1,2,3,4] | \"iteration_indptr\":[0,2,1,3,4] | round 1",
        "\"iteration_indptr\":[0,1,2,3,4] | \"iteration_indptr\":[0,1,2,3] | the last of 4 trees"
      })
  void refusesRoundsThatAreNotThoseOfTheTrees(String found, String replaced, String reason) {
    String model = new String(Golden.bytes("3.2.0-stump.json"), UTF_8);
    assertThat(model).contains(found);

    assertThatThrownBy(() -> Scorer.read(model.replace(found, replaced).getBytes(UTF_8)))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContaining("iteration_indptr")
        .hasMessageContaining(reason);
  }
}
