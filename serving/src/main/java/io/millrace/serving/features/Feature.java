package io.millrace.serving.features;

import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.core.features.PurchaseFeatures;
import java.io.IOException;

/** The features that can be asked for, in the answer's order. */
enum Feature {
  ACTIVITY_COUNT(
      "activity_count",
      "int64",
      false,
      "distinct events of the session up to and including the row's event"),
  EVENT_WEEKDAY(
      "event_weekday", "int64", false, "UTC weekday of the row's event: Monday is 0, Sunday is 6"),
  BRAND("brand", "string", true, "brand of the product"),
  PRICE("price", "double", false, "price of the product in US dollars"),
  CATEGORY_CODE_LEVEL1("category_code_level1", "string", true, "first part of the category code"),
  CATEGORY_CODE_LEVEL2("category_code_level2", "string", true, "second part of the category code");

  private final String column;
  private final String type;
  private final boolean nullable;
  private final String meaning;

  Feature(String column, String type, boolean nullable, String meaning) {
    this.column = column;
    this.type = type;
    this.nullable = nullable;
    this.meaning = meaning;
  }

  /** Its name, in answers and in models. */
  String column() {
    return column;
  }

  String type() {
    return type;
  }

  /** Whether a row that is known may not have it. */
  boolean isNullable() {
    return nullable;
  }

  String meaning() {
    return meaning;
  }

  void write(JsonGenerator json, PurchaseFeatures row) throws IOException {
    switch (this) {
      case ACTIVITY_COUNT -> json.writeNumber(row.activityCount());
      case EVENT_WEEKDAY -> json.writeNumber(row.eventWeekday());
      case BRAND -> json.writeString(row.brand());
      case PRICE -> json.writeNumber(row.price());
      case CATEGORY_CODE_LEVEL1 -> json.writeString(row.categoryCodeLevel1());
      case CATEGORY_CODE_LEVEL2 -> json.writeString(row.categoryCodeLevel2());
    }
  }
}
