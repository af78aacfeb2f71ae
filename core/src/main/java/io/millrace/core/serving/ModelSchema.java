package io.millrace.core.serving;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a model version takes and gives, as serving needs to know it; its JSON is the version's
 * artifact {@value #FILE_NAME}:
 *
 * <pre>{@code
 * {"inputs": [{"name": "brand", "kind": "category", "missing": "default", "default": -1},
 *             {"name": "price", "kind": "number", "missing": "reject"}],
 *  "labels": [], "missing_value": 0}
 * }</pre>
 *
 * @param inputs in the order of the model's rows
 * @param labels names of the classes, or of the outputs of a model with several, in their order;
 *     empty if they have none
 * @param missingValue the number that stood for a missing value when the model was trained, beside
 *     NaN ({@code missing=0} of XGBoost's Python): it does when rows are scored, too; null if only
 *     NaN did
 */
public record ModelSchema(List<Input> inputs, List<String> labels, @Nullable Float missingValue) {
  /** The name of the artifact. */
  public static final String FILE_NAME = "serving_schema.json";

  private static final JsonFactory JSON = new JsonFactory();

  /** What an input's values are. */
  public enum Kind {
    /** A finite number. */
    NUMBER,
    /** A text or a whole number, coded by the version's {@code category_mappings.json}. */
    CATEGORY
  }

  /** What happens to an instance that leaves an input out, or has null for it. */
  public enum Missing {
    /** It is refused. */
    REJECT,
    /** It is scored with the input's default, and the answer names the input. */
    DEFAULT,
    /** It is scored as missing, the way that the trees learned; the answer names the input. */
    NAN
  }

  /**
   * One input.
   *
   * @param name as in the instances
   * @param kind what its values are
   * @param missing what happens without it
   * @param defaultValue what {@link Missing#DEFAULT} puts into the row; a category's is a code
   */
  public record Input(String name, Kind kind, Missing missing, float defaultValue) {
    /** A number that must be given. */
    public static Input number(String name) {
      return new Input(name, Kind.NUMBER, Missing.REJECT, Float.NaN);
    }

    /** A category that is unknown (code -1, as in training) unless it is given. */
    public static Input category(String name) {
      return new Input(name, Kind.CATEGORY, Missing.DEFAULT, -1);
    }
  }

  /**
   * Copies the lists.
   *
   * @throws IllegalArgumentException if there is no input, or two inputs or two labels have one
   *     name
   */
  public ModelSchema {
    inputs = List.copyOf(inputs);
    labels = List.copyOf(labels);
    if (inputs.isEmpty() || names(inputs).stream().distinct().count() < inputs.size()) {
      throw new IllegalArgumentException(
          "A model needs inputs of different names, but has " + PrintableText.of(names(inputs)));
    }
    if (labels.stream().distinct().count() < labels.size()) {
      throw new IllegalArgumentException(
          "Labels must have different names, but are " + PrintableText.of(labels));
    }
  }

  /** A schema of a model that was trained with NaN alone as a missing value. */
  public ModelSchema(List<Input> inputs, List<String> labels) {
    this(inputs, labels, null);
  }

  /** A model of numbers all of which must be given. */
  public static ModelSchema numbers(List<String> names) {
    return new ModelSchema(names.stream().map(Input::number).toList(), List.of());
  }

  /** The names of the inputs, in their order. */
  public List<String> names() {
    return names(inputs);
  }

  private static List<String> names(List<Input> inputs) {
    return inputs.stream().map(Input::name).toList();
  }

  /** The artifact's text. */
  public String toJson() {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      json.writeArrayFieldStart("inputs");
      for (Input input : inputs) {
        json.writeStartObject();
        json.writeStringField("name", input.name());
        json.writeStringField("kind", word(input.kind()));
        json.writeStringField("missing", word(input.missing()));
        if (input.missing() == Missing.DEFAULT) {
          json.writeNumberField("default", input.defaultValue());
        }
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeArrayFieldStart("labels");
      for (String label : labels) {
        json.writeString(label);
      }
      json.writeEndArray();
      if (missingValue != null) {
        json.writeNumberField("missing_value", missingValue);
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("A string cannot be written to", e);
    }
    return text.toString();
  }

  /**
   * Reads what {@link #toJson} wrote.
   *
   * @throws IllegalArgumentException if it is not that, naming the input
   */
  public static ModelSchema fromJson(String text) {
    return ModelSchemaReader.read(text);
  }

  /** As the artifact spells it. */
  static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
