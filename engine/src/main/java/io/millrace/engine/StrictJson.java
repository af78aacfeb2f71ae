package io.millrace.engine;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON that a person typed, strictly: exactly one value, each field once, each value of the
 * JSON type that its field has, and nothing else. No value is converted into another type, and
 * numbers keep all their digits.
 *
 * <p>What is wrong is a {@link WrongInput}, whose message names the field by its path, the value
 * and what it must be.
 */
final class StrictJson {

  static final JsonMapper MAPPER =
      JsonMapper.builder()
          .addModules(new JavaTimeModule(), new Jdk8Module())
          .annotationIntrospector(new StrictRequest.WithoutThis())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .disable(DeserializationFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private static final int SHOWN = 100;

  private StrictJson() {}

  /** What is wrong with an input; the message begins with the path of the field. */
  static final class WrongInput extends RuntimeException {
    private static final long serialVersionUID = 1;

    WrongInput(String message) {
      super(message, null, false, false);
    }
  }

  /** Parses one JSON value; a missing node if there is none. */
  static JsonNode parse(ByteString data) {
    try (JsonParser parser = MAPPER.createParser(data.newInput())) {
      JsonNode value = value(parser);
      if (value.isMissingNode()) {
        return value;
      }
      if (hasMore(parser)) {
        throw new WrongInput(
            "the input goes on after its end, at " + place(parser) + "; it must be one JSON value");
      }
      return value;
    } catch (IOException e) {
      throw new WrongInput("the input is not JSON: " + e.getMessage());
    }
  }

  private static JsonNode value(JsonParser parser) throws IOException {
    try {
      JsonNode value = MAPPER.readTree(parser);
      return value == null ? MissingNode.getInstance() : value;
    } catch (JsonProcessingException e) {
      String reason = String.valueOf(e.getOriginalMessage());
      if (reason.startsWith("Duplicate field")) {
        throw new WrongInput(
            "%s is given twice".formatted(dotted(parser.getParsingContext().pathAsPointer())));
      }
      throw new WrongInput("the input is not JSON: %s at %s".formatted(reason, place(parser)));
    } catch (NumberFormatException e) {
      throw new WrongInput("the input has a number that is too large, at " + place(parser));
    }
  }

  private static boolean hasMore(JsonParser parser) throws IOException {
    try {
      return parser.nextToken() != null;
    } catch (JsonProcessingException e) {
      return true; // text that is no JSON either
    }
  }

  private static String place(JsonParser parser) {
    return "line %d, column %d"
        .formatted(parser.currentLocation().getLineNr(), parser.currentLocation().getColumnNr());
  }

  /** {@code /gate/steps/1} as {@code gate.steps[1]}. */
  private static String dotted(JsonPointer pointer) {
    StringBuilder path = new StringBuilder();
    for (JsonPointer at = pointer; !at.matches(); at = at.tail()) {
      path.append(at.mayMatchElement() ? "[%d]".formatted(at.getMatchingIndex()) : "");
      if (!at.mayMatchElement()) {
        path.append(path.isEmpty() ? "" : ".").append(at.getMatchingProperty());
      }
    }
    return path.toString();
  }

  /**
   * Reads a record, or any other type.
   *
   * @param path where the value stands in the whole input; empty for all of it
   * @param defaults what a field that is left out has, or null if there are none
   */
  static <T> T read(String path, JsonNode given, Class<T> type, @Nullable JsonNode defaults) {
    JsonShape.Slot slot = JsonShape.Slot.of(MAPPER.constructType(type));
    JsonNode complete = JsonShape.complete(path, given, slot, defaults);
    return type.cast(decode(path, complete, slot));
  }

  /** Makes the value; what its constructor refuses is reported with the path. */
  static Object decode(String path, JsonNode complete, JsonShape.Slot slot) {
    try {
      Object value = MAPPER.treeToValue(complete, slot.type());
      if (value == null) {
        throw new WrongInput(path + " must not be null");
      }
      return value;
    } catch (UnrecognizedPropertyException e) {
      throw new WrongInput("there is no field '%s'".formatted(join(path, path(e))));
    } catch (MismatchedInputException e) {
      throw new WrongInput(mismatch(path, complete, e));
    } catch (JsonMappingException e) {
      throw new WrongInput(refused(join(path, path(e)), e));
    } catch (JsonProcessingException | RuntimeException e) {
      throw new WrongInput(refused(path, e));
    }
  }

  /** For types that only Jackson knows how to read. */
  private static String mismatch(String path, JsonNode whole, MismatchedInputException e) {
    JsonNode value = whole;
    for (JsonMappingException.Reference step : e.getPath()) {
      value =
          step.getFieldName() != null
              ? value.path(step.getFieldName())
              : value.path(step.getIndex());
    }
    return "%s has a value of the wrong type: %s (%s)"
        .formatted(join(path, path(e)), show(value), e.getOriginalMessage());
  }

  /** What the record's own check said; Jackson wraps it. */
  private static String refused(String path, Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String reason =
        root instanceof JsonProcessingException json
            ? json.getOriginalMessage()
            : root.getMessage();
    if (reason == null || reason.isBlank()) {
      reason = "the value is refused (%s)".formatted(root.getClass().getSimpleName());
    }
    return path.isEmpty() || reason.startsWith(path) ? reason : "%s: %s".formatted(path, reason);
  }

  private static String path(JsonMappingException e) {
    return e.getPath().stream()
        .map(
            step -> step.getFieldName() == null ? "[" + step.getIndex() + "]" : step.getFieldName())
        .collect(Collectors.joining("."))
        .replace(".[", "[");
  }

  /** The path of a field. */
  static String join(String path, String field) {
    boolean attached = path.isEmpty() || field.isEmpty() || field.startsWith("[");
    return attached ? path + field : path + "." + field;
  }

  /** A value for a message: as it was given, if it is short, and its JSON type. */
  static String show(JsonNode value) {
    String text = value.toString();
    String shown = text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
    return value.isNull() ? "null" : "%s (%s)".formatted(shown, kind(value));
  }

  private static String kind(JsonNode value) {
    return switch (value.getNodeType()) {
      case STRING -> "text";
      case NUMBER -> "number";
      case BOOLEAN -> "boolean";
      case ARRAY -> "list";
      case OBJECT -> "object";
      default -> "nothing";
    };
  }

  /** An object's JSON, for the defaults. */
  static JsonNode tree(Object value) {
    JsonNode tree = MAPPER.valueToTree(value);
    return tree instanceof ObjectNode ? tree : MissingNode.getInstance();
  }
}
