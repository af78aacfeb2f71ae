package io.millrace.workflows.lake;

/**
 * The unfinished events of one UTC day.
 *
 * @param day ISO date
 * @param rows bronze rows of the day that are not yet through to gold
 */
public record DaySlice(String day, long rows) {}
