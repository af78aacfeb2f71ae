package io.millrace.engine;

import io.temporal.failure.ApplicationErrorCategory;
import io.temporal.failure.ApplicationFailure;

/**
 * How an activity says that there is nothing to do, as Airflow's {@code AirflowSkipException}: the
 * task becomes skipped, and what is below it follows its trigger rules.
 *
 * <pre>{@code throw TaskSkipped.because("no new objects");}</pre>
 */
public final class TaskSkipped {

  /** The failure type that marks a skip. */
  public static final String TYPE = "TaskSkipped";

  private TaskSkipped() {}

  /** Returns the failure to throw; it is never retried, and counts as benign in the metrics. */
  public static ApplicationFailure because(String reason) {
    return ApplicationFailure.newBuilder()
        .setType(TYPE)
        .setMessage(reason)
        .setNonRetryable(true)
        .setCategory(ApplicationErrorCategory.BENIGN)
        .build();
  }
}
