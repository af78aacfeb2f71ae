package io.millrace.serving.models;

import io.millrace.core.serving.ModelSchema;
import io.millrace.core.serving.Scorer;
import io.millrace.core.training.CategoryMappings;
import org.jspecify.annotations.Nullable;

/**
 * What a version consists of.
 *
 * @param schema its inputs
 * @param mappings codes of its categories; empty if it has none
 * @param scorer the model itself
 * @param golden instances and what the training predicted for them, as {@link
 *     io.millrace.core.serving.GoldenBatch} writes it; null if the version has none
 */
public record VersionFiles(
    ModelSchema schema, CategoryMappings mappings, Scorer scorer, @Nullable String golden) {

  /**
   * Checks that the parts agree; see {@link PartsAgreement}.
   *
   * @throws IllegalArgumentException naming both sides if two of them do not
   */
  public VersionFiles {
    PartsAgreement.require(schema, mappings, scorer);
  }
}
