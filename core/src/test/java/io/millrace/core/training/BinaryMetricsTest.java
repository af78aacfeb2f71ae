package io.millrace.core.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BinaryMetricsTest {

  @SuppressWarnings("ArrayRecordComponent")
  record Golden(String name, double[] wanted, float[] probabilities, float[] labels) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Golden> golden() throws IOException {
    try (InputStream in =
            Objects.requireNonNull(
                BinaryMetricsTest.class.getResourceAsStream("/golden/binary_metrics.csv"));
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      return lines
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(BinaryMetricsTest::parse)
          .toList()
          .stream();
    }
  }

  private static Golden parse(String line) {
    String[] columns = line.split(",");
    String[] rows = columns[6].split(" ");
    float[] probabilities = new float[rows.length];
    float[] labels = new float[rows.length];
    for (int i = 0; i < rows.length; i++) {
      String[] row = rows[i].split(":");
      probabilities[i] = Float.parseFloat(row[0]);
      labels[i] = Float.parseFloat(row[1]);
    }
    double[] wanted =
        Stream.of(columns).skip(1).limit(5).mapToDouble(Double::parseDouble).toArray();
    return new Golden(columns[0], wanted, probabilities, labels);
  }

  @ParameterizedTest
  @MethodSource("golden")
  void agreesWithScikitLearn(Golden golden) {
    BinaryMetrics metrics = BinaryMetrics.of(golden.probabilities(), golden.labels());

    assertThat(
            new double[] {
              metrics.logloss(),
              metrics.auc(),
              metrics.prAuc(),
              metrics.brier(),
              metrics.calibrationError()
            })
        .containsExactly(golden.wanted(), within(1e-12));
  }

  @Property(tries = 200)
  void doesNotDependOnTheOrderOfRows(
      @ForAll @Size(min = 3, max = 60) List<@FloatRange(min = 0, max = 1) Float> scores) {
    int n = scores.size();
    float[] forward = new float[n];
    float[] labels = new float[n];
    float[] backward = new float[n];
    float[] backwardLabels = new float[n];
    for (int i = 0; i < n; i++) {
      forward[i] = scores.get(i);
      labels[i] = i % 2;
      backward[n - 1 - i] = forward[i];
      backwardLabels[n - 1 - i] = labels[i];
    }

    BinaryMetrics one = BinaryMetrics.of(forward, labels);
    BinaryMetrics other = BinaryMetrics.of(backward, backwardLabels);

    assertThat(one.auc()).isBetween(0.0, 1.0).isEqualTo(other.auc(), within(1e-12));
    assertThat(one.prAuc()).isBetween(0.0, 1.0).isEqualTo(other.prAuc(), within(1e-12));
    assertThat(one.logloss()).isEqualTo(other.logloss(), within(1e-9));
  }

  @Test
  void costsTheEntropyOfTheBaseRateToKnowNothing() {
    BinaryMetrics metrics =
        BinaryMetrics.of(new float[] {0.25f, 0.25f, 0.25f, 0.25f}, new float[] {1, 0, 0, 0});

    assertThat(metrics.baseRateLogloss()).isEqualTo(metrics.logloss(), within(1e-12));
    assertThat(metrics.auc()).isEqualTo(0.5);
    assertThat(metrics.calibrationError()).isZero();
  }

  @Test
  void knowsTheCalibrationErrorThatChanceAloneMakes() {
    Random random = new Random(7);
    float[] truth = new float[354];
    for (int i = 0; i < truth.length; i++) {
      truth[i] = 0.05f + 0.9f * random.nextFloat();
    }
    double sum = 0;
    int draws = 2_000;
    double noise = 0;
    for (int draw = 0; draw < draws; draw++) {
      float[] labels = new float[truth.length];
      for (int i = 0; i < truth.length; i++) {
        labels[i] = random.nextFloat() < truth[i] ? 1 : 0;
      }
      BinaryMetrics metrics = BinaryMetrics.of(truth, labels);
      sum += metrics.calibrationError();
      noise = metrics.calibrationNoise();
    }
    assertThat(noise).isGreaterThan(0.05).isCloseTo(sum / draws, within(0.002));
  }

  @Test
  void countsMinusZeroAsZero() {
    assertThat(BinaryMetrics.of(new float[] {0, -0.0f}, new float[] {1, 0}).auc()).isEqualTo(0.5);
    assertThat(BinaryMetrics.of(new float[] {-0.0f, 0}, new float[] {1, 0}).auc()).isEqualTo(0.5);
  }

  @Test
  void refusesWhatHasNoMeaning() {
    assertThatThrownBy(() -> BinaryMetrics.of(new float[] {0.5f, 0.5f}, new float[] {1, 1}))
        .hasMessageContaining("All 2 labels are 1");
    assertThatThrownBy(() -> BinaryMetrics.of(new float[] {Float.NaN, 1}, new float[] {1, 0}))
        .hasMessage("1 of 2 scores are no probability, the first NaN in row 0");
    assertThatThrownBy(
            () ->
                BinaryMetrics.of(
                    new float[] {0.5f, Float.POSITIVE_INFINITY, 2, -1}, new float[] {1, 0, 1, 0}))
        .hasMessage("3 of 4 scores are no probability, the first Infinity in row 1");
    assertThatThrownBy(() -> BinaryMetrics.of(new float[] {0.5f, 0.5f}, new float[] {1, Float.NaN}))
        .hasMessageContaining("Label NaN in row 1 is neither 0 nor 1");
    assertThatThrownBy(() -> BinaryMetrics.of(new float[1], new float[2]))
        .hasMessageContaining("1 probabilities for 2 labels");
  }
}
