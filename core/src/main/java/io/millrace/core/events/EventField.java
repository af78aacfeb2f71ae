package io.millrace.core.events;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The contract of an event message, field by field and in the order in which fields are judged.
 *
 * <p>Every field must be present, the nullable ones too: an absent brand is an error, a null one is
 * not. An empty text is the same as null, and Debezium's placeholder for an unknown value ({@link
 * UnavailableValue}) is no value. This contract alone decides, whatever schema a message brings
 * along, and whichever way it comes.
 */
public enum EventField {
  /** Text that {@link EventTime#parse} reads. */
  EVENT_TIME("event_time", false),
  /** One of the codes of {@link EventType}. */
  EVENT_TYPE("event_type", false),
  /** A 64-bit JSON integer. */
  PRODUCT_ID("product_id", false),
  /**
   * A 64-bit JSON integer, or the same in quotes: these ids exceed 2^53, so that JavaScript
   * producers have to quote them. The other ids are small, and quotes around them are an error.
   */
  CATEGORY_ID("category_id", false),
  /** Text or null. */
  CATEGORY_CODE("category_code", true),
  /** Text or null. */
  BRAND("brand", true),
  /** A JSON number, whole or not, that is finite as a double and above zero. */
  PRICE("price", false),
  /** A 64-bit JSON integer. */
  USER_ID("user_id", false),
  /** Text. */
  USER_SESSION("user_session", false);

  private static final List<String> NAMES =
      Arrays.stream(values()).map(EventField::fieldName).toList();

  private final String fieldName;
  private final boolean nullable;

  EventField(String fieldName, boolean nullable) {
    this.fieldName = fieldName;
    this.nullable = nullable;
  }

  /** The field's name in JSON, CSV and SQL. */
  public String fieldName() {
    return fieldName;
  }

  /** Whether JSON's null is a valid value. */
  public boolean isNullable() {
    return nullable;
  }

  /** The names in contract order, which is also the column order of a REES46 CSV file. */
  public static List<String> names() {
    return NAMES;
  }

  /** Finds a field by name; null for any other name. Runs per JSON key, hence no Optional. */
  static @Nullable EventField named(String name) {
    return switch (name) {
      case "event_time" -> EVENT_TIME;
      case "event_type" -> EVENT_TYPE;
      case "product_id" -> PRODUCT_ID;
      case "category_id" -> CATEGORY_ID;
      case "category_code" -> CATEGORY_CODE;
      case "brand" -> BRAND;
      case "price" -> PRICE;
      case "user_id" -> USER_ID;
      case "user_session" -> USER_SESSION;
      default -> null;
    };
  }
}
