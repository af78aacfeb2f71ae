package io.millrace.serving.features;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.millrace.core.features.FeatureMoment;
import io.millrace.core.features.OnlineKey;
import io.millrace.serving.http.Body;
import io.millrace.serving.http.Problem;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the bodies of the feature paths. */
final class FeatureRequest {
  private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");
  private static final Instant END = Instant.parse("9999-01-01T00:00:00Z");

  private FeatureRequest() {}

  /**
   * {@code {"user_id": 1, "product_id": 2}}, or {@code {"entities": [{…}, …]}}.
   *
   * @throws Problem 400, 413 or 422
   */
  static List<OnlineKey> keys(byte[] body, int limit) {
    return Body.read(
        body,
        parser -> {
          Body.requireObject(parser, "the body");
          return keys(parser, limit);
        });
  }

  private static List<OnlineKey> keys(JsonParser parser, int limit) throws IOException {
    EntityFields single = new EntityFields("");
    @Nullable List<OnlineKey> entities = null;
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      parser.nextToken();
      if (name.equals("entities")) {
        if (entities != null) {
          throw Problem.invalid(name, "is given twice");
        }
        entities = Entities.list(parser, name, limit);
      } else if (!single.read(name, parser)) {
        throw Problem.invalid(
            name, "is not known here: user_id, product_id, user_session are, or entities");
      }
    }
    if (entities == null) {
      return List.of(single.key());
    }
    if (!single.isEmpty()) {
      throw Problem.invalid("entities", "must not stand beside user_id or product_id");
    }
    return entities;
  }

  /**
   * {@code {"entities": [{"user_id": 1, "product_id": 2, "timestamp": "2019-10-01T00:00:00Z"}]}}.
   *
   * @throws Problem 400, 413 or 422
   */
  static List<FeatureMoment> moments(byte[] body, int limit) {
    return Body.read(
        body,
        parser -> {
          Body.requireObject(parser, "the body");
          return moments(parser, limit);
        });
  }

  private static List<FeatureMoment> moments(JsonParser parser, int limit) throws IOException {
    @Nullable List<FeatureMoment> moments = null;
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      parser.nextToken();
      if (!name.equals("entities")) {
        throw Problem.invalid(name, "is not known here: entities is");
      }
      if (moments != null) {
        throw Problem.invalid(name, "is given twice");
      }
      moments = Entities.list(parser, name, limit, FeatureRequest::moment);
    }
    if (moments == null) {
      throw Problem.invalid("entities", "is required");
    }
    return moments;
  }

  private static FeatureMoment moment(JsonParser parser, String path) throws IOException {
    EntityFields fields = new EntityFields(path + ".");
    @Nullable Instant at = null;
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      parser.nextToken();
      if (name.equals("timestamp")) {
        if (at != null) {
          throw Problem.invalid(path + ".timestamp", "is given twice");
        }
        at = time(parser, path + ".timestamp");
      } else if (!fields.read(name, parser)) {
        throw Problem.invalid(
            path + "." + name,
            "is not known here: user_id, product_id, user_session, timestamp are");
      }
    }
    if (at == null) {
      throw Problem.invalid(path + ".timestamp", "is required");
    }
    return new FeatureMoment(fields.key(), at);
  }

  private static Instant time(JsonParser parser, String path) throws IOException {
    if (parser.currentToken() != JsonToken.VALUE_STRING) {
      throw Problem.invalid(path, "must be a text, but is " + Body.what(parser));
    }
    try {
      Instant time = OffsetDateTime.parse(parser.getText()).toInstant();
      if (!time.isBefore(EARLIEST) && time.isBefore(END)) {
        return time;
      }
    } catch (DateTimeException e) {
      // The message below covers it.
    }
    throw Problem.invalid(
        path, "must be a time with its zone, such as 2019-10-01T00:00:00Z, of the years 1 to 9998");
  }
}
