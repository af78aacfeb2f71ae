package io.millrace.serving.features;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.millrace.core.features.OnlineKey;
import io.millrace.serving.http.Body;
import io.millrace.serving.http.Problem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads {@code {"user_id": 1, "product_id": 2}}, with a {@code user_session} that is not used. */
public final class Entities {
  private Entities() {}

  /**
   * Reads a body that is such a list.
   *
   * @throws Problem 400, 413 or 422
   */
  public static List<OnlineKey> list(byte[] body, int limit) {
    return Body.read(body, parser -> list(parser, "items", limit));
  }

  /**
   * Reads a body that is one of them.
   *
   * @throws Problem 400 or 422
   */
  public static OnlineKey one(byte[] body) {
    return Body.read(body, parser -> one(parser, "the body"));
  }

  public static List<OnlineKey> list(JsonParser parser, String path, int limit) throws IOException {
    Body.requireList(parser, path);
    List<OnlineKey> keys = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (keys.size() == limit) {
        throw Problem.tooMany(path, limit);
      }
      keys.add(one(parser, path + "[" + keys.size() + "]"));
    }
    return keys;
  }

  private static OnlineKey one(JsonParser parser, String path) throws IOException {
    Body.requireObject(parser, path);
    @Nullable Long user = null;
    @Nullable Long product = null;
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      parser.nextToken();
      switch (name) {
        case "user_id" -> user = Body.wholeNumber(parser, path + ".user_id");
        case "product_id" -> product = Body.wholeNumber(parser, path + ".product_id");
        case "user_session" -> session(parser, path);
        default ->
            throw Problem.invalid(
                path + "." + name, "is not known here: user_id, product_id, user_session are");
      }
    }
    if (user == null || product == null) {
      throw Problem.invalid(path + (user == null ? ".user_id" : ".product_id"), "is required");
    }
    return new OnlineKey(user, product);
  }

  private static void session(JsonParser parser, String path) {
    JsonToken token = parser.currentToken();
    if (token != JsonToken.VALUE_STRING && token != JsonToken.VALUE_NULL) {
      throw Problem.invalid(path + ".user_session", "must be a text, but is " + Body.what(parser));
    }
  }
}
