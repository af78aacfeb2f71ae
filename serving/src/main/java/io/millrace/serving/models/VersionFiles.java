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
   * Checks that the parts fit together.
   *
   * @throws IllegalArgumentException if they do not
   */
  public VersionFiles {
    if (schema.inputs().size() != scorer.features()) {
      throw new IllegalArgumentException(
          "The schema has %d inputs, but the model takes %d"
              .formatted(schema.inputs().size(), scorer.features()));
    }
  }
}
