package io.millrace.core.serving;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a model version takes and gives, as serving needs to know it; its JSON is the version's
 * artifact {@value #FILE_NAME}:
 *
 * <pre>{@code
 * {"inputs": [{"name": "brand", "kind": "category", "missing": "default", "default": -1},
 *             {"name": "price", "kind": "number", "missing": "reject"}],
 *  "labels": []}
 * }</pre>
 *
 * @param inputs in the order of the model's rows
 * @param labels names of the outputs of a model with several, in their order; empty if they have
 *     none
 */
public record ModelSchema(List<Input> inputs, List<String> labels) {
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
   * @throws IllegalArgumentException if there is no input, or two have one name
   */
  public ModelSchema {
    inputs = List.copyOf(inputs);
    labels = List.copyOf(labels);
    if (inputs.isEmpty() || inputs.stream().map(Input::name).distinct().count() < inputs.size()) {
      throw new IllegalArgumentException(
          "A model needs inputs of different names, but has " + names(inputs));
    }
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
    try (JsonParser parser = JSON.createParser(text)) {
      if (JsonTree.read(parser) instanceof Map<?, ?> root
          && root.get("inputs") instanceof List<?> inputs) {
        List<Input> read = new ArrayList<>();
        for (Object input : inputs) {
          read.add(input(input));
        }
        return new ModelSchema(read, labels(root));
      }
      throw new IllegalArgumentException(FILE_NAME + " has no list \"inputs\"");
    } catch (IOException e) {
      throw new IllegalArgumentException(FILE_NAME + " is not JSON: " + e.getMessage(), e);
    }
  }

  private static List<String> labels(Map<?, ?> root) {
    return root.get("labels") instanceof List<?> labels
        ? labels.stream().map(String::valueOf).toList()
        : List.of();
  }

  private static Input input(Object value) {
    if (!(value instanceof Map<?, ?> fields)) {
      throw new IllegalArgumentException(FILE_NAME + ": an input must be an object, not " + value);
    }
    String name = String.valueOf(fields.get("name"));
    Missing missing = oneOf(Missing.class, name, "missing", fields);
    float given = fields.get("default") instanceof Number number ? number.floatValue() : Float.NaN;
    if (missing == Missing.DEFAULT && Float.isNaN(given)) {
      throw new IllegalArgumentException(
          FILE_NAME + ": input '" + name + "' has no number as its default");
    }
    return new Input(name, oneOf(Kind.class, name, "kind", fields), missing, given);
  }

  private static <E extends Enum<E>> E oneOf(
      Class<E> type, String input, String field, Map<?, ?> fields) {
    Map<String, E> words = new HashMap<>();
    for (E value : type.getEnumConstants()) {
      words.put(word(value), value);
    }
    E found = words.get(String.valueOf(fields.get(field)));
    if (found == null) {
      throw new IllegalArgumentException(
          "%s: %s of input '%s' must be one of %s, but is '%s'"
              .formatted(FILE_NAME, field, input, words.keySet(), fields.get(field)));
    }
    return found;
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
