package io.millrace.core.alerts;

import java.util.Locale;

/** How much an alert matters, in rising order. */
public enum Severity {
  LOW,
  MEDIUM,
  HIGH;

  /** A broken contract is somebody's bug and {@link #HIGH}; anything else is {@link #MEDIUM}. */
  public static Severity of(String errorType) {
    return errorType.toLowerCase(Locale.ROOT).contains("schema") ? HIGH : MEDIUM;
  }
}
