package io.millrace.serving.features;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.millrace.core.features.OnlineKey;
import io.millrace.serving.http.Body;
import io.millrace.serving.http.Problem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

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
   * Reads a list at whose beginning the parser stands.
   *
   * @throws Problem 413 or 422
   */
  public static List<OnlineKey> list(JsonParser parser, String path, int limit) throws IOException {
    return list(parser, path, limit, Entities::one);
  }

  /** Reads one item at whose beginning the parser stands. */
  @FunctionalInterface
  interface Item<T> {
    T read(JsonParser parser, String path) throws IOException;
  }

  static <T> List<T> list(JsonParser parser, String path, int limit, Item<T> item)
      throws IOException {
    Body.requireList(parser, path);
    List<T> items = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (items.size() == limit) {
        throw Problem.tooMany(path, limit);
      }
      String place = path + "[" + items.size() + "]";
      Body.requireObject(parser, place);
      items.add(item.read(parser, place));
    }
    return items;
  }

  private static OnlineKey one(JsonParser parser, String path) throws IOException {
    EntityFields fields = new EntityFields(path + ".");
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      parser.nextToken();
      if (!fields.read(name, parser)) {
        throw Problem.invalid(
            path + "." + name, "is not known here: user_id, product_id, user_session are");
      }
    }
    return fields.key();
  }
}
