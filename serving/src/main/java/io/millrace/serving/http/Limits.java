package io.millrace.serving.http;

/**
 * How large a request may be.
 *
 * @param bodyBytes longest body
 * @param batch most instances or entities in one request
 */
public record Limits(long bodyBytes, int batch) {
  /** What holds if nothing is said: 8 MiB and 10,000. */
  public static final Limits DEFAULT = new Limits(8L << 20, 10_000);

  public Limits {
    if (bodyBytes < 1 || batch < 1) {
      throw new IllegalArgumentException(
          "Limits must be at least 1, not " + bodyBytes + ", " + batch);
    }
  }
}
