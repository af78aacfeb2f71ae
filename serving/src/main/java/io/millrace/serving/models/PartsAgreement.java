package io.millrace.serving.models;

import io.millrace.core.serving.ModelDescription;
import io.millrace.core.serving.ModelSchema;
import io.millrace.core.serving.ModelSchema.Input;
import io.millrace.core.serving.ModelSchema.Kind;
import io.millrace.core.serving.ModelSchema.Missing;
import io.millrace.core.serving.PrintableText;
import io.millrace.core.serving.Scorer;
import io.millrace.core.training.CategoryMappings;
import io.millrace.core.training.OrdinalEncoding;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Every two parts of a version that say the same thing must say it alike: names and order of the
 * inputs, their kinds, the number of classes and their labels, the codes of categories, and what
 * stands for a missing value. A version whose parts disagree would answer with wrong numbers, so it
 * is refused, and the reason has both sides.
 */
final class PartsAgreement {
  private static final String CATEGORICAL = "c";

  private final ModelSchema schema;
  private final CategoryMappings mappings;
  private final ModelDescription model;
  private final Scorer scorer;

  private PartsAgreement(ModelSchema schema, CategoryMappings mappings, Scorer scorer) {
    this.schema = schema;
    this.mappings = mappings;
    this.model = scorer.description();
    this.scorer = scorer;
  }

  /**
   * Does nothing if they agree.
   *
   * @throws IllegalArgumentException otherwise
   */
  static void require(ModelSchema schema, CategoryMappings mappings, Scorer scorer) {
    PartsAgreement parts = new PartsAgreement(schema, mappings, scorer);
    parts.width();
    parts.names();
    parts.kinds();
    parts.codes();
    parts.labels();
    parts.missing();
  }

  private void width() {
    require(
        schema.inputs().size() == scorer.features(),
        "The schema has %d inputs, but the model takes %d",
        schema.inputs().size(),
        scorer.features());
    require(
        model.featureNames().isEmpty() || model.featureNames().size() == scorer.features(),
        "The model takes %d features, but names %d of them: %s",
        scorer.features(),
        model.featureNames().size(),
        model.featureNames());
    require(
        model.featureTypes().isEmpty() || model.featureTypes().size() == scorer.features(),
        "The model takes %d features, but has types of %d of them: %s",
        scorer.features(),
        model.featureTypes().size(),
        model.featureTypes());
  }

  private void names() {
    List<String> trained = model.givenNames();
    List<String> stated = schema.names();
    for (int i = 0; i < trained.size(); i++) {
      require(
          trained.get(i).equals(stated.get(i)),
          "Input %d of the schema is '%s', but feature %d of the model is '%s': the schema has %s,"
              + " the model was trained with %s",
          i,
          stated.get(i),
          i,
          trained.get(i),
          stated,
          trained);
    }
  }

  private void kinds() {
    for (int i = 0; i < model.featureTypes().size(); i++) {
      Input input = schema.inputs().get(i);
      require(
          !model.featureTypes().get(i).equals(CATEGORICAL) || input.kind() == Kind.CATEGORY,
          "Input '%s' is a number in the schema, but a category in the model",
          input.name());
    }
  }

  private void codes() {
    for (int i = 0; i < schema.inputs().size(); i++) {
      Input input = schema.inputs().get(i);
      @Nullable OrdinalEncoding encoding = mappings.encodings().get(input.name());
      if (input.kind() == Kind.NUMBER) {
        require(
            encoding == null,
            "Input '%s' is a number in the schema, but category_mappings.json has codes for it",
            input.name());
        continue;
      }
      require(
          encoding != null,
          "Input '%s' is a category in the schema, but category_mappings.json has codes only for"
              + " %s",
          input.name(),
          mappings.encodings().keySet());
      if (encoding != null) {
        codes(input, encoding.values().size(), model.highestSplits().get(i));
      }
    }
  }

  private static void codes(Input input, int codes, @Nullable Float split) {
    float code = input.defaultValue();
    require(
        input.missing() != Missing.DEFAULT || (code >= -1 && code < codes && code == (int) code),
        "Input '%s' has the default %s in the schema, but the codes of category_mappings.json are"
            + " -1 for unknown and 0 to %d",
        input.name(),
        code,
        codes - 1);
    // A tree splits between values that it was trained with. XGBoost's own last threshold, to
    // tell missing values from all others, is twice the highest value and a little more.
    float highest = 2 * Math.max(0, codes - 1) + 1e-4f * Math.max(1, codes);
    require(
        split == null || split <= highest,
        "The model splits '%s' at %s, but category_mappings.json has only the codes 0 to %d: they"
            + " are of another training",
        input.name(),
        split,
        codes - 1);
  }

  private void labels() {
    int labels = schema.labels().size();
    int wanted =
        switch (scorer.output()) {
          case CLASS, CLASS_PROBABILITIES -> model.classes();
          case PROBABILITY -> 2;
          case VALUES -> scorer.outputs() == 1 ? 0 : scorer.outputs();
        };
    require(
        labels == 0 || labels == wanted,
        "The schema has %d labels, %s, but the model (%s) gives %s",
        labels,
        schema.labels(),
        model.objective(),
        wanted == 0 ? "one value, which has no classes" : wanted + " classes or values");
  }

  private void missing() {
    if (model.missing().isEmpty()) {
      return;
    }
    float trained = (float) model.missing().getAsDouble();
    @Nullable Float stated = schema.missingValue();
    require(
        stated != null && stated == trained,
        "The model was trained with %s for a missing value, but missing_value of the schema is %s",
        trained,
        stated == null ? "not given" : stated);
  }

  private static void require(boolean agrees, String reason, @Nullable Object... sides) {
    if (!agrees) {
      @Nullable Object[] shown = new @Nullable Object[sides.length];
      for (int i = 0; i < sides.length; i++) {
        shown[i] = sides[i] instanceof Number ? sides[i] : PrintableText.of(sides[i]);
      }
      throw new IllegalArgumentException(reason.formatted(shown));
    }
  }
}
