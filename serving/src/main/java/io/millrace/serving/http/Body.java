package io.millrace.serving.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.millrace.core.serving.JsonFault;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Reads the JSON body of a request token by token, without a tree. */
public final class Body {
  private static final JsonFactory JSON = new JsonFactory();

  private Body() {}

  /** Makes something of a parser that stands before the first token. */
  @FunctionalInterface
  public interface Reading<T> {
    T read(JsonParser parser) throws IOException;
  }

  /**
   * Reads a whole body.
   *
   * @throws Problem 400 if it is not a JSON document, or has more behind its end
   */
  public static <T> T read(byte[] bytes, Reading<T> reading) {
    try (JsonParser parser = JSON.createParser(bytes)) {
      if (parser.nextToken() == null) {
        throw Problem.badJson("The body is empty");
      }
      T value = reading.read(parser);
      if (parser.nextToken() != null) {
        throw Problem.badJson("There is more behind the end of the document");
      }
      return value;
    } catch (JsonProcessingException e) {
      throw Problem.badJson("The body cannot be read: " + JsonFault.of(e));
    } catch (IOException e) {
      throw new UncheckedIOException("An array cannot be read", e);
    }
  }

  /**
   * Requires that an object begins here.
   *
   * @throws Problem 422 otherwise
   */
  public static void requireObject(JsonParser parser, String path) {
    require(parser, JsonToken.START_OBJECT, path, "an object");
  }

  /** The same for a list. */
  public static void requireList(JsonParser parser, String path) {
    require(parser, JsonToken.START_ARRAY, path, "a list");
  }

  private static void require(JsonParser parser, JsonToken token, String path, String name) {
    if (parser.currentToken() != token) {
      throw Problem.invalid(path, "must be %s, but is %s".formatted(name, what(parser)));
    }
  }

  /**
   * The whole number here.
   *
   * @throws Problem 422 if there is none, or it has more than 64 bits
   */
  public static long wholeNumber(JsonParser parser, String path) throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT
        && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
      return parser.getLongValue();
    }
    throw Problem.invalid(path, "must be a whole number of 64 bits, but is " + what(parser));
  }

  /**
   * The number here, which may be too large for 64 bits and is infinite then.
   *
   * @throws Problem 422 if there is none
   */
  public static double number(JsonParser parser, String path) throws IOException {
    if (!parser.currentToken().isNumeric()) {
      throw Problem.invalid(path, "must be a number, but is " + what(parser));
    }
    return parser.getDoubleValue();
  }

  /**
   * The text here.
   *
   * @throws Problem 422 if there is none, or it is empty
   */
  public static String text(JsonParser parser, String path) throws IOException {
    if (parser.currentToken() != JsonToken.VALUE_STRING || parser.getText().isEmpty()) {
      throw Problem.invalid(path, "must be a text, but is " + what(parser));
    }
    return parser.getText();
  }

  /** Reads the value of a field, whose path is its name. */
  @FunctionalInterface
  public interface Field<T> {
    T read(JsonParser parser, String path) throws IOException;
  }

  /**
   * The object here, which has one field and no other.
   *
   * @throws Problem 422 otherwise
   */
  public static <T> T onlyField(JsonParser parser, String field, Field<T> reading)
      throws IOException {
    requireObject(parser, "the body");
    if (!field.equals(parser.nextFieldName())) {
      throw Problem.invalid(field, "is required, and nothing else is known here");
    }
    parser.nextToken();
    T value = reading.read(parser, field);
    if (parser.nextToken() != JsonToken.END_OBJECT) {
      throw Problem.invalid("the body", "has more than one " + field);
    }
    return value;
  }

  /** What stands here, for a message; never more of it than its kind. */
  public static String what(JsonParser parser) {
    return JsonFault.kind(parser.currentToken());
  }
}
