package io.millrace.serving.models;

/** Scores a version's golden batch with it, before it serves. */
@FunctionalInterface
public interface GoldenCheck {
  /**
   * Does nothing if the version gives what the batch says.
   *
   * @param golden see {@link io.millrace.core.serving.GoldenBatch}
   * @throws IllegalArgumentException naming the instance that differs, or the part of the batch
   *     that cannot be read
   */
  void verify(ServedVersion version, String golden);
}
