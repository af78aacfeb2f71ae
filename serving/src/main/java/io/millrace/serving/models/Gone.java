package io.millrace.serving.models;

import java.time.Instant;
import java.util.Locale;

/**
 * That the registry says a model that is served is there no more. It is served until the grace is
 * over, in case it was deleted by mistake, and is withdrawn then.
 *
 * @param cause what is gone
 * @param detail the same in a sentence that names it
 * @param since when it was first missed
 * @param until when it is withdrawn
 */
public record Gone(Cause cause, String detail, Instant since, Instant until) {
  /** What is gone. */
  public enum Cause {
    /** The model itself. */
    MODEL,
    /** The alias {@code champion}; the version that had it may be there. */
    ALIAS,
    /** The version that serves, or another one has got its number. */
    VERSION;

    /** As metrics and answers have it. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The same, found again with what is known now. */
  Gone still(Cause causeNow, String detailNow) {
    return new Gone(causeNow, detailNow, since, until);
  }
}
