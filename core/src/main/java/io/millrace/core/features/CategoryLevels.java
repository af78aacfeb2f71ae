package io.millrace.core.features;

import org.jspecify.annotations.Nullable;

/**
 * The first three parts of a dotted category code: {@code appliances.kitchen.hood} is appliances,
 * kitchen, hood.
 *
 * <p>A part that is missing or empty is null, and a fourth part is not looked at. In SQL: {@code
 * nullif(split_part(category_code, '.', n), '')}.
 */
public record CategoryLevels(
    @Nullable String level1, @Nullable String level2, @Nullable String level3) {

  private static final CategoryLevels NONE = new CategoryLevels(null, null, null);

  /** Splits a code; all levels of null are null. */
  public static CategoryLevels of(@Nullable String categoryCode) {
    if (categoryCode == null) {
      return NONE;
    }
    int first = end(categoryCode, 0);
    int second = end(categoryCode, first + 1);
    int third = end(categoryCode, second + 1);
    return new CategoryLevels(
        part(categoryCode, 0, first),
        part(categoryCode, first + 1, second),
        part(categoryCode, second + 1, third));
  }

  private static int end(String code, int from) {
    int dot = code.indexOf('.', from);
    return dot < 0 ? code.length() : dot;
  }

  private static @Nullable String part(String code, int from, int to) {
    return from >= to ? null : code.substring(from, to);
  }
}
