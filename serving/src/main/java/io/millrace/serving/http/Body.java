package io.millrace.serving.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.millrace.core.serving.JsonFault;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

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

  /**
   * The {@code true} or {@code false} here.
   *
   * @throws Problem 422 if there is neither
   */
  public static boolean truth(JsonParser parser, String path) {
    if (!parser.currentToken().isBoolean()) {
      throw Problem.invalid(path, "must be true or false, but is " + what(parser));
    }
    return parser.currentToken() == JsonToken.VALUE_TRUE;
  }

  /**
   * The value of a field that an object may have once.
   *
   * @param before what an earlier field of the same name said; null if there was none
   * @throws Problem 422 if there was one
   */
  public static <T> T once(@Nullable T before, T value, String path) {
    if (before != null) {
      throw Problem.invalid(path, "is there twice");
    }
    return value;
  }

  /** What stands here, for a message; never more of it than its kind. */
  public static String what(JsonParser parser) {
    return JsonFault.kind(parser.currentToken());
  }
}
