package io.millrace.workflows.tuning;

/** The end of a study: what its runs are to be marked with and whose checkpoints can go. */
public record StudyClosing(StudyRef study, TuningResult result) {}
