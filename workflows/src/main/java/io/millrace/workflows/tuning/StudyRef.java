package io.millrace.workflows.tuning;

import java.util.List;

/**
 * Where a study is tracked.
 *
 * @param experiment name of the MLflow experiment, empty if the study is not tracked
 * @param studyRunId the parent run, or empty
 * @param trialRunIds a nested run for each trial by number, or none
 */
public record StudyRef(String experiment, String studyRunId, List<String> trialRunIds) {

  public StudyRef {
    trialRunIds = List.copyOf(trialRunIds);
  }
}
