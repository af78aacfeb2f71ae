package io.millrace.core.models;

import io.millrace.core.serving.ModelSchema.Input;
import io.millrace.core.serving.ModelSchema.Kind;
import io.millrace.core.serving.ModelSchema.Missing;
import java.util.List;

/**
 * One input of a model.
 *
 * @param field the column of the training set; its name is the input's
 * @param input what serving needs to know of it
 * @param values the values of a category in the order of their codes, if they are known before
 *     training; empty if they are those that the training rows hold
 */
public record Feature(Field field, Input input, List<String> values) {
  public Feature {
    values = List.copyOf(values);
    if (input.kind() == Kind.NUMBER && field.type() == Field.Type.TEXT) {
      throw new IllegalArgumentException("Feature " + field.name() + ": a text is no number");
    }
  }

  /** A number with a fraction, which must be given. */
  public static Feature number(String name) {
    return new Feature(new Field(name, Field.Type.NUMBER), Input.number(name), List.of());
  }

  /** A whole number, which must be given. */
  public static Feature count(String name) {
    return new Feature(new Field(name, Field.Type.WHOLE), Input.number(name), List.of());
  }

  /** A category whose values are learned; without one, and with a new one, its code is -1. */
  public static Feature category(String name) {
    return new Feature(new Field(name, Field.Type.TEXT), Input.category(name), List.of());
  }

  /** A whole number that is a category, which must be given. */
  public static Feature category(String name, List<String> values) {
    return new Feature(
        new Field(name, Field.Type.WHOLE),
        new Input(name, Kind.CATEGORY, Missing.REJECT, Float.NaN),
        values);
  }

  /** The name of the column and of the input. */
  public String name() {
    return field.name();
  }

  /** Whether it is coded by the version's category mappings. */
  public boolean isCategory() {
    return input.kind() == Kind.CATEGORY;
  }
}
