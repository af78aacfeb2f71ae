package io.millrace.engine;

import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.engine.StrictJson.WrongInput;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Month;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.Year;
import java.time.ZonedDateTime;
import java.time.temporal.Temporal;
import java.time.temporal.TemporalAmount;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Which JSON value a single value of a Java type is, in the words of JSON. */
final class JsonScalars {

  private static final Map<Class<?>, List<BigInteger>> RANGES =
      Map.of(
          byte.class, range(Byte.MIN_VALUE, Byte.MAX_VALUE),
          short.class, range(Short.MIN_VALUE, Short.MAX_VALUE),
          int.class, range(Integer.MIN_VALUE, Integer.MAX_VALUE),
          long.class, range(Long.MIN_VALUE, Long.MAX_VALUE));

  private static final Map<Class<?>, Class<?>> UNBOXED =
      Map.of(
          Byte.class, byte.class,
          Short.class, short.class,
          Integer.class, int.class,
          Long.class, long.class,
          Float.class, float.class,
          Double.class, double.class,
          OptionalInt.class, int.class,
          OptionalLong.class, long.class,
          OptionalDouble.class, double.class);

  private static final Map<Class<?>, String> TEXTS =
      Map.ofEntries(
          Map.entry(String.class, "text"),
          Map.entry(CharSequence.class, "text"),
          Map.entry(char.class, "a text of one character"),
          Map.entry(Character.class, "a text of one character"),
          Map.entry(byte[].class, "a text in base64"),
          Map.entry(UUID.class, "a text with a UUID"),
          Map.entry(Instant.class, "a time such as \"2026-01-31T00:00:00Z\""),
          Map.entry(OffsetDateTime.class, "a time such as \"2026-01-31T00:00:00Z\""),
          Map.entry(ZonedDateTime.class, "a time such as \"2026-01-31T00:00:00Z\""),
          Map.entry(LocalDateTime.class, "a time without zone such as \"2026-01-31T00:00:00\""),
          Map.entry(LocalDate.class, "a date such as \"2026-01-31\""),
          Map.entry(LocalTime.class, "a time of day such as \"07:30:00\""),
          Map.entry(Duration.class, "a duration such as \"PT1H30M\", or a number of seconds"),
          Map.entry(Period.class, "a period such as \"P1M\""));

  /** Jackson also takes a time for a date, and drops what is too much. */
  private static final Map<Class<?>, Function<String, Object>> TIMES =
      Map.of(
          Instant.class, Instant::parse,
          OffsetDateTime.class, OffsetDateTime::parse,
          ZonedDateTime.class, ZonedDateTime::parse,
          LocalDateTime.class, LocalDateTime::parse,
          LocalDate.class, LocalDate::parse,
          LocalTime.class, LocalTime::parse,
          Duration.class, Duration::parse,
          Period.class, Period::parse);

  private JsonScalars() {}

  private static List<BigInteger> range(long least, long most) {
    return List.of(BigInteger.valueOf(least), BigInteger.valueOf(most));
  }

  /** Whether a type is one value in JSON, and not a list or an object. */
  static boolean isScalar(JavaType type) {
    Class<?> raw = type.getRawClass();
    return isInteger(raw)
        || isNumber(raw)
        || isBoolean(raw)
        || TEXTS.containsKey(raw)
        || isPlainEnum(type)
        || (isTime(raw) && raw != Year.class);
  }

  /** What a value must be, for example {@code an integer}. */
  static String words(JavaType type) {
    Class<?> raw = type.getRawClass();
    if (type.isReferenceType()) {
      return words(type.getContentType());
    } else if (isInteger(raw)) {
      return "an integer";
    } else if (isNumber(raw)) {
      return "a number";
    } else if (isBoolean(raw)) {
      return "true or false";
    } else if (isPlainEnum(type)) {
      return "one of " + names(type);
    } else if (type.isCollectionLikeType() || (type.isArrayType() && raw != byte[].class)) {
      return "a list";
    }
    String text = TEXTS.get(raw);
    return text != null
        ? text
        : isTime(raw)
            ? "a text that a %s is written in".formatted(raw.getSimpleName())
            : "an object";
  }

  /**
   * Checks a single value.
   *
   * @throws WrongInput if it is another JSON type, or out of range
   */
  static void check(String path, JsonNode given, JavaType type) {
    Class<?> raw = type.getRawClass();
    if (isInteger(raw)) {
      require(given.isIntegralNumber(), path, given, type);
      requireInRange(path, given, UNBOXED.getOrDefault(raw, raw));
    } else if (isNumber(raw)) {
      require(given.isNumber(), path, given, type);
      requireFinite(path, given, UNBOXED.getOrDefault(raw, raw));
    } else if (isBoolean(raw)) {
      require(given.isBoolean(), path, given, type);
    } else if (isPlainEnum(type)) {
      require(given.isTextual() && names(type).contains(given.textValue()), path, given, type);
    } else if (raw == Duration.class && given.isNumber()) {
      require(isDecodable(given, type), path, given, type);
    } else {
      require(given.isTextual(), path, given, type);
      boolean free = raw == String.class || raw == CharSequence.class;
      require(
          free || (isWritten(given.textValue(), raw) && isDecodable(given, type)),
          path,
          given,
          type);
    }
  }

  /** Jackson reads an empty text as nothing, and digits as seconds since 1970. */
  private static boolean isWritten(String text, Class<?> raw) {
    if (raw == char.class || raw == Character.class) {
      return text.length() == 1;
    }
    Function<String, Object> parser = TIMES.get(raw);
    if (parser != null) {
      return isParsed(text, parser);
    }
    return raw == byte[].class
        || (!text.isBlank()
            && !(isTime(raw) && text.chars().allMatch(c -> c == '.' || Character.isDigit(c))));
  }

  private static boolean isParsed(String text, Function<String, Object> parser) {
    try {
      return parser.apply(text) != null;
    } catch (DateTimeException e) {
      return false;
    }
  }

  private static boolean isDecodable(JsonNode given, JavaType type) {
    try {
      return StrictJson.MAPPER.treeToValue(given, type) != null;
    } catch (Exception e) {
      return false;
    }
  }

  private static void requireInRange(String path, JsonNode given, Class<?> raw) {
    List<BigInteger> range = RANGES.get(raw);
    BigInteger value = given.bigIntegerValue();
    if (range != null && (value.compareTo(range.get(0)) < 0 || value.compareTo(range.get(1)) > 0)) {
      throw new WrongInput(
          "%s must be an integer from %s to %s, but is %s"
              .formatted(path, range.get(0), range.get(1), StrictJson.show(given)));
    }
  }

  private static void requireFinite(String path, JsonNode given, Class<?> raw) {
    boolean single = raw == float.class;
    if (single ? Float.isInfinite(given.floatValue()) : isTooLarge(given, raw)) {
      String most = String.valueOf(single ? (Object) Float.MAX_VALUE : (Object) Double.MAX_VALUE);
      throw new WrongInput(
          "%s must be a number from -%s to %s, but is %s"
              .formatted(path, most, most, StrictJson.show(given)));
    }
  }

  private static boolean isTooLarge(JsonNode given, Class<?> raw) {
    return raw == double.class && Double.isInfinite(given.doubleValue());
  }

  private static void require(boolean fits, String path, JsonNode given, JavaType type) {
    if (!fits) {
      throw new WrongInput(
          "%s must be %s, but is %s"
              .formatted(path.isEmpty() ? "the input" : path, words(type), StrictJson.show(given)));
    }
  }

  private static boolean isInteger(Class<?> raw) {
    return raw == BigInteger.class || RANGES.containsKey(UNBOXED.getOrDefault(raw, raw));
  }

  private static boolean isNumber(Class<?> raw) {
    Class<?> unboxed = UNBOXED.getOrDefault(raw, raw);
    return unboxed == double.class
        || unboxed == float.class
        || raw == BigDecimal.class
        || raw == Number.class;
  }

  private static boolean isBoolean(Class<?> raw) {
    return raw == boolean.class || raw == Boolean.class;
  }

  private static boolean isTime(Class<?> raw) {
    return raw != DayOfWeek.class
        && raw != Month.class
        && (Temporal.class.isAssignableFrom(raw) || TemporalAmount.class.isAssignableFrom(raw));
  }

  /** Whether an enum is read by the names of its constants. */
  private static boolean isPlainEnum(JavaType type) {
    if (!type.isEnumType()) {
      return false;
    }
    var config = StrictJson.MAPPER.getDeserializationConfig();
    var bean = config.introspect(type);
    var annotations = config.getAnnotationIntrospector();
    return bean.findJsonValueAccessor() == null
        && annotations.findDeserializer(bean.getClassInfo()) == null
        && bean.getFactoryMethods().stream()
            .noneMatch(method -> annotations.findCreatorAnnotation(config, method) != null);
  }

  private static List<String> names(JavaType type) {
    @Nullable Object[] constants = type.getRawClass().getEnumConstants();
    return Arrays.stream(constants)
        .map(constant -> StrictJson.MAPPER.valueToTree(constant).asText())
        .toList();
  }
}
