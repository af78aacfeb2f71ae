package io.millrace.serving.models;

/**
 * Instances of a version and what the training predicted for them: before a version serves, it must
 * give the same. Its JSON is the version's artifact {@value #FILE_NAME}: {@code {"instances":
 * [{"brand": "sony", "price": 129.5}], "predictions": [[0.41]]}}.
 */
public final class GoldenBatch {
  /** The name of the artifact. */
  public static final String FILE_NAME = "golden_batch.json";

  /** By how much a prediction may differ. */
  public static final float TOLERANCE = 1e-5f;

  private GoldenBatch() {}

  /** Scores a golden batch with a version. */
  @FunctionalInterface
  public interface Check {
    /**
     * Does nothing if the version gives what the batch says.
     *
     * @throws IllegalArgumentException naming the instance that differs, or the part of the batch
     *     that cannot be read
     */
    void verify(ServedVersion version, String golden);
  }
}
