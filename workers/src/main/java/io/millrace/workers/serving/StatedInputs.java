package io.millrace.workers.serving;

import io.millrace.core.serving.ModelDescription;
import io.millrace.core.serving.ModelSchema;
import io.millrace.core.serving.ModelSchema.Input;
import io.millrace.core.serving.ModelSchema.Kind;
import io.millrace.core.serving.ModelSchema.Missing;
import io.millrace.core.serving.PrintableText;
import io.millrace.core.training.CategoryMappings;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the files of a version say of its inputs. Files that both say it must say the same.
 *
 * @param schema {@code serving_schema.json}; null if the version has none
 * @param order {@code feature_order.json}; null likewise
 * @param signature the columns of MLmodel's signature; null if it has none with names
 */
record StatedInputs(
    @Nullable ModelSchema schema,
    @Nullable List<String> order,
    @Nullable List<MlmodelFile.Column> signature) {

  /**
   * The schema, or one that is made of the rest and of what the model says of itself.
   *
   * @throws IllegalArgumentException if two files disagree, naming both
   */
  ModelSchema schema(ModelDescription model, CategoryMappings mappings) {
    @Nullable List<String> columns = signature == null ? null : MlmodelFile.names(signature);
    ModelSchema found = schema != null ? schema : made(model, mappings, columns);
    requireSame("feature_order.json", order, found);
    requireSame("MLmodel's signature", columns, found);
    requireKinds(found);
    return found;
  }

  private ModelSchema made(
      ModelDescription model, CategoryMappings mappings, @Nullable List<String> columns) {
    List<String> names = order != null ? order : columns != null ? columns : names(model);
    List<Input> inputs = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      boolean optional = signature != null && i < signature.size() && !signature.get(i).required();
      inputs.add(
          mappings.encodings().containsKey(name)
              ? Input.category(name)
              : optional
                  ? new Input(name, Kind.NUMBER, Missing.NAN, Float.NaN)
                  : Input.number(name));
    }
    return new ModelSchema(
        inputs,
        List.of(),
        model.missing().isPresent() ? (Float) (float) model.missing().getAsDouble() : null);
  }

  /** Those of the training, or XGBoost's own for features without names. */
  private static List<String> names(ModelDescription model) {
    if (!model.featureNames().isEmpty()) {
      return model.featureNames();
    }
    List<String> names = new ArrayList<>();
    for (int i = 0; i < model.features(); i++) {
      names.add("f" + i);
    }
    return names;
  }

  private static void requireSame(String file, @Nullable List<String> names, ModelSchema found) {
    if (names != null && !names.equals(found.names())) {
      throw new IllegalArgumentException(
          "%s has the inputs %s, but the schema has %s"
              .formatted(file, PrintableText.of(names), PrintableText.of(found.names())));
    }
  }

  private void requireKinds(ModelSchema found) {
    for (int i = 0; signature != null && i < signature.size(); i++) {
      Input input = found.inputs().get(i);
      if (signature.get(i).isText() && input.kind() == Kind.NUMBER) {
        throw new IllegalArgumentException(
            "Input '%s' is a number in the schema, but of type %s in MLmodel's signature: a model of XGBoost takes numbers, so category_mappings.json must have its codes"
                .formatted(PrintableText.of(input.name()), signature.get(i).type()));
      }
    }
  }
}
