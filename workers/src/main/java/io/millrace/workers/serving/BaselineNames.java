package io.millrace.workers.serving;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.core.serving.ModelSchema;
import io.millrace.core.serving.ModelSchema.Input;
import io.millrace.core.serving.ModelSchema.Kind;
import io.millrace.core.serving.PrintableText;
import io.millrace.core.training.BaselineStatistics;
import io.millrace.core.training.CategoryMappings;
import io.millrace.core.training.OrdinalEncoding;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The features of {@code baseline_statistics.json}, which live traffic is compared with. */
final class BaselineNames {
  private final JsonNode document;

  private BaselineNames(JsonNode document) {
    this.document = document;
  }

  static BaselineNames parse(String text) {
    return new BaselineNames(JsonText.requireObject(BaselineStatistics.FILE_NAME, text));
  }

  /**
   * Does nothing if every input is in it with its kind, and the values that were counted have
   * codes. The label, which is no input, may be there as well.
   *
   * @throws IllegalArgumentException naming both sides otherwise
   */
  void requireAgree(ModelSchema schema, CategoryMappings mappings) {
    for (Input input : schema.inputs()) {
      boolean numeric = document.path("numeric").has(input.name());
      boolean categorical = document.path("categorical").has(input.name());
      if (!numeric && !categorical) {
        throw new IllegalArgumentException(
            "Input '%s' of the schema is not in %s, which has %s and %s"
                .formatted(
                    PrintableText.of(input.name()),
                    BaselineStatistics.FILE_NAME,
                    names("numeric"),
                    names("categorical")));
      }
      if (categorical != (input.kind() == Kind.CATEGORY)) {
        throw new IllegalArgumentException(
            "Input '%s' is a %s in the schema, but a %s in %s"
                .formatted(
                    PrintableText.of(input.name()),
                    input.kind() == Kind.CATEGORY ? "category" : "number",
                    categorical ? "category" : "number",
                    BaselineStatistics.FILE_NAME));
      }
      if (categorical) {
        requireCodes(input.name(), mappings.encodings().get(input.name()));
      }
    }
  }

  private String names(String kind) {
    List<String> names = new ArrayList<>();
    document.path(kind).fieldNames().forEachRemaining(names::add);
    return PrintableText.of(names);
  }

  private void requireCodes(String name, @Nullable OrdinalEncoding encoding) {
    if (encoding == null) {
      return; // refused with the schema
    }
    Set<String> coded = new HashSet<>(encoding.values());
    document
        .path("categorical")
        .path(name)
        .path("counts")
        .fieldNames()
        .forEachRemaining(
            value -> {
              if (!coded.contains(value)) {
                throw new IllegalArgumentException(
                    "%s counted the value '%s' of '%s', which has no code in %s: they are of another training"
                        .formatted(
                            BaselineStatistics.FILE_NAME,
                            PrintableText.of(value),
                            PrintableText.of(name),
                            CategoryMappings.FILE_NAME));
              }
            });
  }
}
