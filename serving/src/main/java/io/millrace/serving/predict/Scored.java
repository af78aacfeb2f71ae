package io.millrace.serving.predict;

import io.millrace.serving.models.Rows;
import io.millrace.serving.models.Scores;
import io.millrace.serving.models.Scoring;
import io.millrace.serving.models.ServedVersion;

/** Rows and what a version makes of them. */
record Scored(ServedVersion version, Rows rows, Scores scores) {

  static Scored of(Scoring scoring, ServedVersion version, Rows rows) {
    return new Scored(version, rows, scoring.score(version, rows));
  }
}
