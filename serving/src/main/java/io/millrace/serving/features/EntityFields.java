package io.millrace.serving.features;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.millrace.core.features.OnlineKey;
import io.millrace.serving.http.Body;
import io.millrace.serving.http.Problem;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The fields of one entity, as they are read: {@code user_id}, {@code product_id}. */
final class EntityFields {
  private final String prefix;
  private @Nullable Long user;
  private @Nullable Long product;
  private boolean session;

  /**
   * Has none yet.
   *
   * @param prefix what stands before a field in a path, such as {@code items[3].}
   */
  EntityFields(String prefix) {
    this.prefix = prefix;
  }

  /**
   * Reads a field at whose value the parser stands; false if it is none of an entity.
   *
   * @throws Problem 422 if the value is not as it must be
   */
  boolean read(String name, JsonParser parser) throws IOException {
    switch (name) {
      case "user_id" -> user = number(name, user, parser);
      case "product_id" -> product = number(name, product, parser);
      case "user_session" -> session(parser);
      default -> {
        return false;
      }
    }
    return true;
  }

  private long number(String name, @Nullable Long before, JsonParser parser) throws IOException {
    if (before != null) {
      throw Problem.invalid(prefix + name, "is given twice");
    }
    return Body.wholeNumber(parser, prefix + name);
  }

  private void session(JsonParser parser) throws IOException {
    if (session) {
      throw Problem.invalid(prefix + "user_session", "is given twice");
    }
    session = true;
    JsonToken token = parser.currentToken();
    if (token == JsonToken.VALUE_STRING) {
      // Nobody reads the text, but what is no UTF-8 is no JSON.
      int unused = parser.getTextLength();
    }
    if (token != JsonToken.VALUE_STRING && token != JsonToken.VALUE_NULL) {
      throw Problem.invalid(prefix + "user_session", "must be a text, but is " + Body.what(parser));
    }
  }

  /** Whether there was no id. */
  boolean isEmpty() {
    return user == null && product == null;
  }

  /**
   * The entity.
   *
   * @throws Problem 422 naming the field that is not there
   */
  OnlineKey key() {
    if (user == null || product == null) {
      throw Problem.invalid(prefix + (user == null ? "user_id" : "product_id"), "is required");
    }
    return new OnlineKey(user, product);
  }
}
