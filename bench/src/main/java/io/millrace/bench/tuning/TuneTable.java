package io.millrace.bench.tuning;

import io.millrace.activities.training.ArtifactStore;
import io.millrace.activities.training.Matrix;
import io.millrace.activities.training.TrialData;
import io.millrace.core.tuning.TrialParams;
import io.millrace.workflows.training.DatasetRef;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The peers' tuning workload: {@code tune.csv}, six features and a label, every fifth row in the
 * test set; and its 16 configurations, both as {@code bench/peers/WORKLOADS.md} states them.
 */
final class TuneTable {
  static final int ROUNDS = 100;
  static final int TRIALS = 16;
  private static final int WIDTH = 6;
  private static final int TEST_EVERY = 5;
  private static final long CONFIGURATION_SEED = 10;

  private TuneTable() {}

  /** A reference by which a worker finds the file. */
  static DatasetRef ref(Path csv) throws IOException {
    String sha256 = ArtifactStore.sha256(Files.readAllBytes(csv));
    return new DatasetRef(
        csv.toUri().toString(),
        sha256,
        200_000,
        0,
        160_000,
        40_000,
        0,
        0.2,
        0.2,
        Instant.EPOCH,
        null,
        null);
  }

  /** The matrices; the test set stands where a study has its validation rows. */
  static TrialData load(DatasetRef dataset) {
    try (BufferedReader lines =
        Files.newBufferedReader(
            Path.of(java.net.URI.create(dataset.uri())), StandardCharsets.UTF_8)) {
      String[] names = Arrays.copyOf(lines.readLine().split(","), WIDTH);
      float[][] features = {
        new float[(int) dataset.trainRows() * WIDTH],
        new float[(int) dataset.validationRows() * WIDTH]
      };
      float[][] labels = {
        new float[(int) dataset.trainRows()], new float[(int) dataset.validationRows()]
      };
      int[] next = new int[2];
      for (int i = 0; i < dataset.rows(); i++) {
        int part = i % TEST_EVERY == TEST_EVERY - 1 ? 1 : 0;
        String[] fields = lines.readLine().split(",");
        for (int column = 0; column < WIDTH; column++) {
          features[part][next[part] * WIDTH + column] = Float.parseFloat(fields[column]);
        }
        labels[part][next[part]++] = Float.parseFloat(fields[WIDTH]);
      }
      return new TrialData(
          Matrix.of(features[0], labels[0], names), Matrix.of(features[1], labels[1], names));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The configurations; {@code gamma} is not among what varies and stays 0. */
  static List<TrialParams> configurations(int count) {
    return IntStream.range(0, count)
        .mapToObj(
            t ->
                new TrialParams(
                    3 + (int) (8 * uniform(0, t)),
                    Math.exp(Math.log(1e-3) + uniform(1, t) * Math.log(0.3 / 1e-3)),
                    1 + (int) (10 * uniform(4, t)),
                    0.5 + 0.5 * uniform(2, t),
                    0.5 + 0.5 * uniform(3, t),
                    0))
        .toList();
  }

  /** The counter-based generator of {@code bench/peers/datagen.py}. */
  private static double uniform(long column, long row) {
    long z = (row + 1 + (column << 32) + (CONFIGURATION_SEED << 48)) * 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    z ^= z >>> 31;
    return (z >>> 11) * 0x1.0p-53;
  }
}
