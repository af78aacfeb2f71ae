package io.millrace.workers.config;

/**
 * A value that must not appear in a log or on a screen.
 *
 * @param value the value itself
 */
public record Secret(String value) {
  static final String MASK = "****";

  @Override
  public String toString() {
    return MASK;
  }
}
