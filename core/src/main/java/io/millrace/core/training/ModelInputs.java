package io.millrace.core.training;

import io.millrace.core.serving.ModelSchema;
import io.millrace.core.serving.ModelSchema.Input;
import io.millrace.core.serving.ModelSchema.Kind;
import io.millrace.core.serving.ModelSchema.Missing;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Turns the six purchase features into the floats that the model reads. Training, evaluation and
 * serving all go through {@link #encode}, so that they cannot differ.
 *
 * <p>{@code event_weekday} is coded over its whole domain 0..6 and not over the days that happened
 * to be in the training data: its code is always the weekday itself.
 */
public final class ModelInputs {
  /** The features in the model's order. */
  public static final List<String> NAMES =
      List.of(
          "brand",
          "price",
          "event_weekday",
          "category_code_level1",
          "category_code_level2",
          "activity_count");

  /** The features that are coded by {@link CategoryMappings}. */
  public static final List<String> CATEGORICAL =
      List.of("brand", "event_weekday", "category_code_level1", "category_code_level2");

  /**
   * What serving needs to know of them: without a brand or category an instance is scored as in
   * training, with the code for unknown; without anything else it is refused.
   */
  public static final ModelSchema SCHEMA =
      new ModelSchema(
          List.of(
              Input.category("brand"),
              Input.number("price"),
              new Input("event_weekday", Kind.CATEGORY, Missing.REJECT, Float.NaN),
              Input.category("category_code_level1"),
              Input.category("category_code_level2"),
              Input.number("activity_count")),
          List.of());

  private static final OrdinalEncoding WEEKDAYS =
      OrdinalEncoding.ofOrdered(IntStream.range(0, 7).mapToObj(Integer::toString).toList());

  private final OrdinalEncoding brand;
  private final OrdinalEncoding weekday;
  private final OrdinalEncoding level1;
  private final OrdinalEncoding level2;

  /** Encodes with the mappings of one model version; all four must be there. */
  public ModelInputs(CategoryMappings mappings) {
    this.brand = mappings.encoding("brand");
    this.weekday = mappings.encoding("event_weekday");
    this.level1 = mappings.encoding("category_code_level1");
    this.level2 = mappings.encoding("category_code_level2");
  }

  /** Fits the mappings to the values of the training rows. */
  public static CategoryMappings fit(
      Collection<? extends @Nullable String> brands,
      Collection<? extends @Nullable String> level1,
      Collection<? extends @Nullable String> level2) {
    Map<String, OrdinalEncoding> encodings = new LinkedHashMap<>();
    encodings.put("brand", OrdinalEncoding.fit(brands));
    encodings.put("event_weekday", WEEKDAYS);
    encodings.put("category_code_level1", OrdinalEncoding.fit(level1));
    encodings.put("category_code_level2", OrdinalEncoding.fit(level2));
    return new CategoryMappings(encodings);
  }

  /**
   * Writes one row into {@code out[offset..offset+5]}.
   *
   * @param price as float: the model was trained on floats
   * @param eventWeekday 0..6, Monday = 0, UTC
   * @param activityCount events of the session so far, this one included
   */
  public void encode(
      @Nullable String brandName,
      double price,
      int eventWeekday,
      @Nullable String categoryLevel1,
      @Nullable String categoryLevel2,
      long activityCount,
      float[] out,
      int offset) {
    out[offset] = brand.code(brandName);
    out[offset + 1] = (float) price;
    out[offset + 2] = weekday.code(Integer.toString(eventWeekday));
    out[offset + 3] = level1.code(categoryLevel1);
    out[offset + 4] = level2.code(categoryLevel2);
    out[offset + 5] = activityCount;
  }
}
