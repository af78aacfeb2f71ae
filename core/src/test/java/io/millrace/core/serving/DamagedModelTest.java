package io.millrace.core.serving;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever the bytes are, they are refused by name, or give a scorer that scores. */
class DamagedModelTest {
  private static final String[] FILES = {
    "3.2.0-softprob.ubj", "1.7.6-logistic.ubj", "3.2.0-linear3.ubj", "3.2.0-stump.json"
  };

  private static void readOrRefuse(byte[] bytes) {
    Scorer scorer;
    try {
      scorer = Scorer.read(bytes);
    } catch (UnsupportedModelException e) {
      assertThat(e).hasMessageMatching("(?s).{10,}");
      return;
    }
    if (scorer.features() <= 1_000) {
      float[] rows = new float[scorer.features() * 5];
      Arrays.fill(rows, 0, scorer.features(), Float.NaN);
      scorer.scoreInto(rows, 5, new float[5 * scorer.outputs()]);
    }
  }

  @Property(tries = 3_000)
  void survivesFlippedBytes(
      @ForAll @IntRange(max = 3) int file,
      @ForAll long seed,
      @ForAll @IntRange(max = 8) int flips) {
    byte[] bytes = Golden.bytes(FILES[file]);
    Random random = new Random(seed);
    for (int i = 0; i < flips; i++) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
    }

    readOrRefuse(bytes);
  }

  @Property(tries = 300)
  void survivesBytesCutOutOfTheMiddle(
      @ForAll @IntRange(max = 3) int file, @ForAll long seed, @ForAll @IntRange(max = 40) int cut) {
    byte[] bytes = Golden.bytes(FILES[file]);
    int at = new Random(seed).nextInt(bytes.length - cut);
    byte[] shorter = Arrays.copyOf(bytes, bytes.length - cut);
    System.arraycopy(bytes, at + cut, shorter, at, bytes.length - at - cut);

    readOrRefuse(shorter);
  }

  @ParameterizedTest
  @ValueSource(strings = {"3.2.0-stump.json", "1.7.6-logistic.ubj"})
  void refusesEveryTruncation(String file) {
    byte[] bytes = Golden.bytes(file);
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> Scorer.read(cut))
          .as("cut to %d bytes", length)
          .isInstanceOf(UnsupportedModelException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // a list, a text and a typed list of 2^56 items, and of -1
        "{L\0\0\0\0\0\0\0\7learner[#L\1\0\0\0\0\0\0\0",
        "{L\0\0\0\0\0\0\0\7learnerSL\1\0\0\0\0\0\0\0",
        "{L\0\0\0\0\0\0\0\7learner[$d#L\1\0\0\0\0\0\0\0",
        "{L\0\0\0\0\0\0\0\7learner[$x#L\0\0\0\0\0\0\0\1",
        "{L\0\0\0\0\0\0\0\7learner[#L\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff",
        "{L\0\0\0\0\0\0\0\7learnerH",
        "{}",
        "{\"learner\": 12345678901234567890123456789}",
        "{\"learner\": [1, \"a\"]}",
        "{\"learner\": {\"learner_model_param\": [[[[1]]]]}}"
      })
  void refusesLengthsAndTypesThatCannotBe(String bytes) {
    assertThatThrownBy(() -> Scorer.read(bytes.getBytes(ISO_8859_1)))
        .isInstanceOf(UnsupportedModelException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[", "{\"learner\":", "{L\0\0\0\0\0\0\0\7learner"})
  void refusesDeepNesting(String level) {
    assertThatThrownBy(() -> Scorer.read(level.repeat(100_000).getBytes(UTF_8)))
        .isInstanceOf(UnsupportedModelException.class);
  }

  @Test
  void saysWhereUbjsonIsDamaged() {
    byte[] bytes = Golden.bytes("1.7.6-logistic.ubj");

    assertThatThrownBy(() -> Scorer.read(Arrays.copyOf(bytes, 100)))
        .hasMessage("Damaged model: the UBJSON ends in the middle, after 100 bytes");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "1", "nan", "[1E-1,2E-1]", "[]", "abc"})
  void refusesABaseScoreThatCannotBe(String baseScore) {
    String model = new String(Golden.bytes("3.2.0-stump.json"), UTF_8);

    assertThatThrownBy(() -> Scorer.read(model.replace("[2E-1]", baseScore).getBytes(UTF_8)))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContaining("base_score");
  }
}
