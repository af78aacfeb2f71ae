package io.millrace.engine;

import io.temporal.failure.ApplicationErrorCategory;
import io.temporal.failure.ApplicationFailure;

/**
 * How the activity of a {@link Sensor} says that what it waits for is not there yet.
 *
 * <pre>{@code throw NotReady.because("no file under " + prefix);}</pre>
 */
public final class NotReady {

  /** The failure type that marks a poke without success. */
  public static final String TYPE = "NotReady";

  private NotReady() {}

  /** Returns the failure to throw; it is tried again, and counts as benign in the metrics. */
  public static ApplicationFailure because(String reason) {
    return ApplicationFailure.newBuilder()
        .setType(TYPE)
        .setMessage(reason)
        .setCategory(ApplicationErrorCategory.BENIGN)
        .build();
  }
}
