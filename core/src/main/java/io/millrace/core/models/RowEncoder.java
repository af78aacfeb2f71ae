package io.millrace.core.models;

import io.millrace.core.serving.ModelSchema;
import io.millrace.core.serving.ModelSchema.Input;
import io.millrace.core.serving.ModelSchema.Kind;
import io.millrace.core.training.CategoryMappings;
import io.millrace.core.training.OrdinalEncoding;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Turns the values of a version's inputs into the numbers of its rows. Training, evaluation, golden
 * batch and serving use this one, so that they cannot differ.
 */
public final class RowEncoder {
  private final Input[] inputs;
  private final @Nullable OrdinalEncoding[] encodings;
  private final Map<String, Integer> indexes;

  /**
   * Encodes with the mappings of one version.
   *
   * @throws IllegalArgumentException if a category has no mapping
   */
  public RowEncoder(ModelSchema schema, CategoryMappings mappings) {
    int count = schema.inputs().size();
    this.inputs = schema.inputs().toArray(Input[]::new);
    this.encodings = new @Nullable OrdinalEncoding[count];
    this.indexes = new HashMap<>(2 * count);
    for (int i = 0; i < count; i++) {
      indexes.put(inputs[i].name(), i);
      if (inputs[i].kind() == Kind.CATEGORY) {
        encodings[i] = mappings.encoding(inputs[i].name());
      }
    }
  }

  /** The number of inputs, which is the length of a row. */
  public int width() {
    return inputs.length;
  }

  /** An input by its place. */
  public Input input(int index) {
    return inputs[index];
  }

  /** The place of an input, or -1 if the model has none of this name. */
  public int index(String name) {
    return indexes.getOrDefault(name, -1);
  }

  /** The code of a category's value; -1 for null and for one that the training has not seen. */
  public float code(int index, @Nullable String value) {
    OrdinalEncoding encoding = encodings[index];
    if (encoding == null) {
      throw new IllegalStateException("Input " + inputs[index].name() + " is no category");
    }
    return encoding.code(value);
  }

  /** What a row's number stands for: a number, a category's text, or null if it is not known. */
  public @Nullable Object value(int index, float number) {
    OrdinalEncoding encoding = encodings[index];
    if (encoding == null) {
      return Float.isNaN(number) ? null : number;
    }
    List<String> values = encoding.values();
    int code = (int) number;
    return code < 0 || code >= values.size() ? null : values.get(code);
  }
}
