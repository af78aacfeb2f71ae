package io.millrace.workflows.features;

/**
 * What a run of {@link Materialize} can be told. In JSON every field may be left out, and then has
 * its default.
 *
 * @param full whether all features are written anew, and not only those of sessions with new events
 * @param batchRows rows that are sent to the online store at once
 */
public record MaterializeParams(boolean full, int batchRows) {
  /** What a run without params uses. */
  public static final MaterializeParams DEFAULT = new MaterializeParams(false, 1_000);

  /**
   * Checks each field.
   *
   * @throws IllegalArgumentException naming the field, its value and what is allowed
   */
  public MaterializeParams {
    if (batchRows < 1 || batchRows > 100_000) {
      throw new IllegalArgumentException(
          "batchRows must be 1 to 100000, but is '%d'".formatted(batchRows));
    }
  }

  MaterializeRequest request() {
    return new MaterializeRequest(full ? FeatureScope.FULL : FeatureScope.INCREMENTAL, batchRows);
  }
}
