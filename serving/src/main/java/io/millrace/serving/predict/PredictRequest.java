package io.millrace.serving.predict;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.millrace.core.features.OnlineKey;
import io.millrace.core.models.RowEncoder;
import io.millrace.serving.features.Entities;
import io.millrace.serving.http.Body;
import io.millrace.serving.http.Problem;
import io.millrace.serving.models.Rows;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST /models/{name}/predict}: {@code {"instances": [{"brand": "sony", "price":
 * 129.5}]}}, or {@code {"entities": [{"user_id": 1, "product_id": 2}]}} whose features are looked
 * up; with {@code "user"} beside instances, that user's version answers.
 *
 * @param instances the rows, or null
 * @param entities users and products, or null; exactly one of both is there
 */
record PredictRequest(@Nullable Rows instances, @Nullable List<OnlineKey> entities) {

  /**
   * Reads it.
   *
   * @param limit most instances or entities
   * @throws Problem 400, 413 or 422
   */
  static PredictRequest read(byte[] body, RowEncoder encoder, int limit) {
    return Body.read(
        body,
        parser -> {
          Body.requireObject(parser, "the body");
          return read(parser, encoder, limit);
        });
  }

  private static PredictRequest read(JsonParser parser, RowEncoder encoder, int limit)
      throws IOException {
    @Nullable Rows instances = null;
    @Nullable List<OnlineKey> entities = null;
    boolean user = false;
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      parser.nextToken();
      if ((name.equals("instances") && instances != null)
          || (name.equals("entities") && entities != null)
          || (name.equals("user") && user)) {
        throw Problem.invalid(name, "is given twice");
      }
      switch (name) {
        case "instances" -> instances = Instances.list(parser, encoder, name, limit);
        case "entities" -> entities = Entities.list(parser, name, limit);
        case "user" -> {
          var unused = user(parser);
          user = true;
        }
        default -> throw Problem.invalid(name, "is not known here: instances, entities, user are");
      }
    }
    if ((instances == null) == (entities == null)) {
      throw Problem.invalid("instances", "is required, or else entities, and not both");
    }
    return new PredictRequest(instances, entities);
  }

  /**
   * The {@code "user"} of a body, for the choice of the version that reads the rest; null if there
   * is none, or the body is not as it must be, which the reading of the rest will tell.
   */
  static @Nullable String user(byte[] body) {
    try {
      return Body.read(
              body,
              parser -> {
                @Nullable String user = null;
                Body.requireObject(parser, "the body");
                for (String name = parser.nextFieldName();
                    name != null;
                    name = parser.nextFieldName()) {
                  parser.nextToken();
                  if (name.equals("user")) {
                    user = user(parser);
                  } else {
                    parser.skipChildren();
                  }
                }
                return new Found(user);
              })
          .user();
    } catch (Problem e) {
      return null;
    }
  }

  private record Found(@Nullable String user) {}

  private static @Nullable String user(JsonParser parser) throws IOException {
    JsonToken token = parser.currentToken();
    if (token == JsonToken.VALUE_STRING || token == JsonToken.VALUE_NUMBER_INT) {
      return parser.getText();
    }
    if (token == JsonToken.VALUE_NULL) {
      return null;
    }
    throw Problem.invalid("user", "must be a text or a whole number, but is " + Body.what(parser));
  }

  List<OnlineKey> requireEntities() {
    return requireNonNull(entities);
  }

  Rows requireInstances() {
    return requireNonNull(instances);
  }
}
