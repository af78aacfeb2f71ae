package io.millrace.core.serving;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Says what is wrong with a JSON text in plain words and at which line and column. Messages of the
 * JSON library name its own classes and repeat the text, so they never reach an answer or a log.
 */
public final class JsonFault {
  private JsonFault() {}

  /** For example {@code it is not valid JSON at line 1, column 12}. */
  public static String of(IOException failure) {
    return what(failure) + where(failure);
  }

  private static String what(IOException failure) {
    if (failure instanceof JsonEOFException) {
      return "it ends in the middle of the document";
    }
    if (failure instanceof StreamConstraintsException) {
      return "it is nested too deeply, or a number, a name or a text in it is too long";
    }
    if (failure instanceof InputCoercionException) {
      return "a number in it is out of range";
    }
    return "it is not valid JSON";
  }

  private static String where(IOException failure) {
    @Nullable JsonLocation at =
        failure instanceof JsonProcessingException json ? json.getLocation() : null;
    return at == null || at.getLineNr() < 1
        ? ""
        : " at line %d, column %d".formatted(at.getLineNr(), at.getColumnNr());
  }

  /** What kind of value a token is or begins, for a message. */
  public static String kind(@Nullable JsonToken token) {
    if (token == null) {
      return "nothing";
    }
    return switch (token) {
      case START_OBJECT -> "an object";
      case START_ARRAY -> "a list";
      case VALUE_STRING -> "a text";
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
      case VALUE_TRUE, VALUE_FALSE -> "a boolean";
      case VALUE_NULL -> "null";
      default -> "something else";
    };
  }
}
