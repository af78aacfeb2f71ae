package io.millrace.workflows.tuning;

import io.millrace.workflows.training.DatasetRef;

/** The end of a study: what its runs are to be marked with and whose checkpoints can go. */
public record StudyClosing(StudyRef study, DatasetRef dataset, TuningResult result) {}
