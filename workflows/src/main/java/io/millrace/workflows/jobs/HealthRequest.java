package io.millrace.workflows.jobs;

/** Which job is watched, and what it must be like. */
public record HealthRequest(StartedJob started, HealthLimits limits) {}
