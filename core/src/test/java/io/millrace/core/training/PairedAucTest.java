package io.millrace.core.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PairedAucTest {

  @SuppressWarnings("ArrayRecordComponent")
  record Golden(
      String name, double[] wanted, float[] a, float[] b, float[] labels, String[] sessions) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Golden> golden() throws IOException {
    try (InputStream in =
            Objects.requireNonNull(
                PairedAucTest.class.getResourceAsStream("/golden/paired_auc.csv"));
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      return lines
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(PairedAucTest::parse)
          .toList()
          .stream();
    }
  }

  private static Golden parse(String line) {
    String[] columns = line.split(",");
    String[][] rows =
        Stream.of(columns[6].split(" ")).map(row -> row.split(":")).toArray(String[][]::new);
    return new Golden(
        columns[0],
        Stream.of(columns).skip(1).limit(5).mapToDouble(Double::parseDouble).toArray(),
        floats(rows, 0),
        floats(rows, 1),
        floats(rows, 2),
        Stream.of(rows).map(row -> row[3]).toArray(String[]::new));
  }

  private static float[] floats(String[][] rows, int column) {
    float[] values = new float[rows.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = Float.parseFloat(rows[i][column]);
    }
    return values;
  }

  private static String[] oneRowEach(int rows) {
    return IntStream.range(0, rows).mapToObj(i -> "s" + i).toArray(String[]::new);
  }

  @ParameterizedTest
  @MethodSource("golden")
  void agreesWithIndependentTools(Golden golden) {
    PairedAuc auc = PairedAuc.of(golden.sessions(), golden.labels(), golden.a(), golden.b());

    assertThat(
            new double[] {
              auc.candidate(), auc.other(), auc.standardError(), auc.degrees(), auc.lower(0.95)
            })
        .containsExactly(golden.wanted(), within(1e-9));
    assertThat(auc.upper(0.95) - auc.difference())
        .isEqualTo(auc.difference() - auc.lower(0.95), within(1e-12));
  }

  @Property(tries = 200)
  void doesNotDependOnOrderScaleOrWhichComesFirst(
      @ForAll @Size(min = 8, max = 50) List<@FloatRange(min = -4, max = 4) Float> scores) {
    int n = scores.size();
    float[] a = new float[n];
    float[] b = new float[n];
    float[] labels = new float[n];
    for (int i = 0; i < n; i++) {
      a[i] = scores.get(i);
      b[i] = (i * 7) % 5;
      labels[i] = i % 2;
    }
    String[] sessions = oneRowEach(n);
    PairedAuc one = PairedAuc.of(sessions, labels, a, b);

    float[] scaled = new float[n];
    float[] backwardB = new float[n];
    float[] backwardLabels = new float[n];
    for (int i = 0; i < n; i++) {
      scaled[n - 1 - i] = a[i] * 8;
      backwardB[n - 1 - i] = b[i];
      backwardLabels[n - 1 - i] = labels[i];
    }
    PairedAuc other = PairedAuc.of(sessions, backwardLabels, backwardB, scaled);

    assertThat(one.difference()).isEqualTo(-other.difference(), within(1e-12));
    assertThat(one.standardError()).isEqualTo(other.standardError(), within(1e-12));
    assertThat(one.candidate()).isBetween(0.0, 1.0);
  }

  @Test
  void callsNeitherOfTwoEqualModelsBetter() {
    float[] scores = {0.1f, 0.2f, 0.3f, 0.4f, 0.5f, 0.6f};
    float[] labels = {0, 1, 0, 1, 0, 1};

    PairedAuc auc = PairedAuc.of(oneRowEach(6), labels, scores, scores.clone());

    assertThat(auc.difference()).isZero();
    assertThat(auc.standardError()).isZero();
    assertThat(auc.lower(0.95)).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 6, 7, 38, 49, 1_000})
  void givesAPerfectModelAnAreaOfOneAndNoMore(int positives) {
    float[] labels = new float[positives + 12];
    Arrays.fill(labels, 12, labels.length, 1);

    PairedAuc auc =
        PairedAuc.of(oneRowEach(labels.length), labels, labels, new float[labels.length]);

    assertThat(auc.candidate()).isEqualTo(1.0);
    assertThat(auc.other()).isEqualTo(0.5);
    assertThat(auc.standardError()).isZero();
  }

  @Test
  void takesTheRowsOfASessionForOneObservation() {
    float[] a = {0.9f, 0.1f, 0.8f, 0.7f, 0.2f, 0.6f};
    float[] b = {0.5f, 0.4f, 0.9f, 0.3f, 0.6f, 0.8f};
    float[] labels = {1, 0, 1, 1, 0, 0};
    String[] sessions = oneRowEach(6);
    PairedAuc once = PairedAuc.of(sessions, labels, a, b);

    PairedAuc tenTimes =
        PairedAuc.of(
            Stream.generate(() -> sessions)
                .limit(10)
                .flatMap(Arrays::stream)
                .toArray(String[]::new),
            repeated(labels),
            repeated(a),
            repeated(b));

    assertThat(tenTimes.difference()).isEqualTo(once.difference(), within(1e-12));
    assertThat(tenTimes.standardError()).isEqualTo(once.standardError(), within(1e-9));
    assertThat(tenTimes.degrees()).isEqualTo(once.degrees());
  }

  private static float[] repeated(float[] values) {
    float[] all = new float[values.length * 10];
    for (int i = 0; i < all.length; i++) {
      all[i] = values[i % values.length];
    }
    return all;
  }

  @Test
  void refusesWhatHasNoMeaning() {
    float[] labels = {0, 1, 0, 1};
    float[] scores = {0.1f, 0.2f, 0.3f, 0.4f};
    String[] sessions = oneRowEach(4);

    assertThatThrownBy(
            () ->
                PairedAuc.of(
                    sessions,
                    labels,
                    new float[] {Float.NaN, 0, Float.POSITIVE_INFINITY, 1},
                    scores))
        .hasMessage("2 of 4 scores are not finite numbers");
    assertThatThrownBy(() -> PairedAuc.of(sessions, new float[] {0, 1, 0, 0.5f}, scores, scores))
        .hasMessage("Label 0.5 in row 3 is neither 0 nor 1");
    assertThatThrownBy(() -> PairedAuc.of(sessions, new float[] {0, 1, 0, 0}, scores, scores))
        .hasMessageStartingWith("1 of 4 sessions hold a row with label 1 and 3 one with label 0");
    assertThatThrownBy(() -> PairedAuc.of(sessions, labels, new float[3], scores))
        .hasMessage("3 scores for 4 rows");
    assertThatThrownBy(() -> PairedAuc.of(new String[3], labels, scores, scores))
        .hasMessage("3 sessions for 4 labels");
  }
}
