package io.millrace.serving.predict;

import io.millrace.core.serving.PrintableText;
import io.millrace.serving.http.Problem;
import io.millrace.serving.http.Problem.FieldError;
import io.millrace.serving.models.Rows;
import io.millrace.serving.models.Scores;
import io.millrace.serving.models.Scoring;
import io.millrace.serving.models.ServedVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/** Rows and what a version makes of them. */
record ScoredBatch(ServedVersion version, Rows rows, Scores scores) {
  /** Rows that one answer names at most. */
  private static final int MAX_NAMED = 20;

  static ScoredBatch of(Scoring scoring, ServedVersion version, Rows rows) {
    return new ScoredBatch(version, rows, scoring.score(version, rows));
  }

  /** How many rows have scores that are not finite. */
  int notFinite() {
    return scores.notFinite(rows.count());
  }

  /**
   * What is wrong with a row whose scores are not finite: the model, and not the input, but without
   * that input it would have answered.
   */
  String problem(int row) {
    return "version %s of '%s' predicts %s for it, and a prediction must be a finite number"
        .formatted(version.version(), version.model(), PrintableText.of(scores.text(row)));
  }

  /**
   * Refuses a request any of whose rows has scores that are not finite.
   *
   * @param path names a row as the request has it
   */
  Problem refusal(IntFunction<String> path) {
    List<FieldError> errors = new ArrayList<>();
    for (int row = 0; row < rows.count() && errors.size() < MAX_NAMED; row++) {
      if (!scores.isFinite(row)) {
        errors.add(new FieldError(path.apply(row), problem(row)));
      }
    }
    return Problem.invalid(errors);
  }
}
