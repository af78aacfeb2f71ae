package io.millrace.workflows.lake;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * The unfinished events of one UTC day.
 *
 * @param day ISO date
 * @param rows bronze rows of the day that are not yet through to gold
 * @param hours only events of objects of these hours; null for all
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DaySlice(String day, long rows, @Nullable HourScope hours) {

  /** Of all hours. */
  public DaySlice(String day, long rows) {
    this(day, rows, null);
  }
}
