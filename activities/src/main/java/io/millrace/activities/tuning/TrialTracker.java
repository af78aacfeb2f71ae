package io.millrace.activities.tuning;

import io.millrace.activities.training.RoundMetrics;
import io.millrace.workflows.tuning.StudyClosing;
import io.millrace.workflows.tuning.StudyRef;
import io.millrace.workflows.tuning.TuningRequest;
import java.util.List;

/** Where the course of a study is shown. Every method may be repeated with the same effect. */
public interface TrialTracker {
  /** Shows nothing. */
  TrialTracker NONE =
      new TrialTracker() {
        @Override
        public StudyRef open(TuningRequest request) {
          return new StudyRef("", "", List.of());
        }

        @Override
        public void log(String trialRunId, List<RoundMetrics> metrics) {}

        @Override
        public void close(StudyClosing closing) {}
      };

  /** Opens a study and its trials, or finds those that an earlier attempt opened. */
  StudyRef open(TuningRequest request);

  /** Adds rounds to a trial; a round that is there already is not added twice. */
  void log(String trialRunId, List<RoundMetrics> metrics);

  /** Ends the study and its trials. */
  void close(StudyClosing closing);
}
