package io.millrace.workflows.jobs;

import io.millrace.engine.Summary;

/**
 * A jar that can be submitted.
 *
 * @param sha256 of its bytes, in hex: its name from here on
 * @param source where it came from
 * @param bytes its size
 */
public record JobBuild(String sha256, String source, int bytes) implements Summary {
  private static final int SHORT = 12;

  /** A build's name as people read it. */
  public static String brief(String sha256) {
    return sha256.length() <= SHORT ? sha256 : sha256.substring(0, SHORT);
  }

  @Override
  public String summary() {
    return "build %s, %,d bytes, from %s".formatted(brief(sha256), bytes, source);
  }
}
