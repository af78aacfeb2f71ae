package io.millrace.activities.training;

import io.millrace.activities.PipelineException;
import io.millrace.core.registry.Aliases;
import io.millrace.core.training.BinaryMetrics;
import io.millrace.core.training.ExchangedModels;
import io.millrace.core.training.ModelComparison;
import io.millrace.core.training.PairedAuc;
import io.millrace.workflows.PipelineFailure;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Compares a candidate with the versions that it would replace, each on those rows of the
 * candidate's test part that the other version has not learned from either.
 *
 * @param table the data set
 * @param test the candidate's test part
 * @param scores the candidate's, of the test part
 * @param confidence for which promotions by chance are simulated, or null for no simulation
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record ModelComparisons(
    TrainingTable table, int[] test, float[] scores, @Nullable Double confidence) {

  /**
   * How well a candidate does on its test part.
   *
   * @throws PipelineException {@code SCORES_UNUSABLE}, not retryable, if scores are no
   *     probabilities
   */
  static BinaryMetrics metrics(float[] scores, float[] labels) {
    try {
      return BinaryMetrics.of(scores, labels);
    } catch (IllegalArgumentException e) {
      throw new PipelineException(
          PipelineFailure.SCORES_UNUSABLE,
          "The candidate cannot be evaluated on the %d rows of the test part: %s. Nothing is registered."
              .formatted(labels.length, e.getMessage()),
          e);
    }
  }

  /** With the champion first, then with the best so far if that is another version. */
  List<ModelComparison> with(ChampionSource champions, String modelName) {
    List<ModelComparison> comparisons = new ArrayList<>();
    Optional<ChampionSource.Champion> champion = champions.champion(modelName);
    champion.ifPresent(
        last -> {
          comparisons.add(against(Aliases.CHAMPION, last));
          champions
              .best(modelName)
              .filter(best -> !best.version().equals(last.version()))
              .ifPresent(best -> comparisons.add(against(Aliases.BEST, best)));
        });
    return comparisons;
  }

  private ModelComparison against(String alias, ChampionSource.Champion other) {
    Instant until = other.trainedUntil();
    if (until == null) {
      return without(
          alias,
          other,
          new int[0],
          "Nobody knows up to when version %s was trained, so that any row may be one that it has learned from. Set its tag trained_until to an instant: of sessions that began then or later it has seen nothing. Or promote a version by hand."
              .formatted(other.version()));
    }
    int[] rows = table.begunSince(until, test);
    if (rows.length == 0) {
      return without(
          alias,
          other,
          rows,
          "Version %s has learned from all %d test rows, or may have: it was trained on sessions before %s. Start the training again when there are later ones."
              .formatted(other.version(), test.length, until));
    }
    try {
      return new ModelComparison(
          alias, other.version(), rows.length, table.positives(rows), result(other, rows), null);
    } catch (IllegalArgumentException e) {
      return without(
          alias,
          other,
          rows,
          "Version %s cannot be compared on the rows that it has not learned from, %d of %d test rows, of sessions that began at %s or later: %s."
              .formatted(other.version(), rows.length, test.length, until, e.getMessage()));
    }
  }

  private ModelComparison.Result result(ChampionSource.Champion other, int[] rows) {
    float[] labels = table.labels(rows);
    float[] mine = scoresOf(rows);
    float[] theirs = other.model().scores(table, rows);
    String[] sessions = table.groups(rows);
    PairedAuc auc = PairedAuc.of(sessions, labels, mine, theirs);
    return new ModelComparison.Result(
        auc,
        BinaryMetrics.of(mine, labels),
        BinaryMetrics.of(theirs, labels),
        confidence == null
            ? null
            : ExchangedModels.simulate(sessions, labels, mine, theirs, confidence));
  }

  /** The candidate's scores of some of the test rows; both are in ascending order. */
  private float[] scoresOf(int[] rows) {
    float[] chosen = new float[rows.length];
    int next = 0;
    for (int i = 0; i < test.length && next < rows.length; i++) {
      if (test[i] == rows[next]) {
        chosen[next++] = scores[i];
      }
    }
    return chosen;
  }

  private ModelComparison without(
      String alias, ChampionSource.Champion other, int[] rows, String problem) {
    return new ModelComparison(
        alias, other.version(), rows.length, table.positives(rows), null, problem);
  }
}
