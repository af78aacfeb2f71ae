package io.millrace.serving.models;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.millrace.core.registry.PromotionRequest;
import io.millrace.serving.http.Body;
import io.millrace.serving.http.Problem;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The body of a promotion: {@code {"version": "8"}}, or {@code {"version": "8", "force": true,
 * "reason": "…"}} for a version that did not pass the gate.
 */
record PromotionBody(String version, boolean force, @Nullable String reason) {

  /**
   * Reads a whole body.
   *
   * @throws Problem 400 if it is no JSON, 422 if it is another document
   */
  static PromotionBody read(byte[] bytes) {
    return Body.read(bytes, PromotionBody::read);
  }

  private static PromotionBody read(JsonParser parser) throws IOException {
    Body.requireObject(parser, "the body");
    @Nullable String version = null;
    @Nullable Boolean force = null;
    @Nullable String reason = null;
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String field = parser.currentName();
      parser.nextToken();
      switch (field) {
        case "version" -> version = Body.once(version, Body.text(parser, field), field);
        case "force" -> force = Body.once(force, Body.truth(parser, field), field);
        case "reason" -> reason = Body.once(reason, Body.text(parser, field), field);
        default ->
            throw Problem.invalid(field, "is not known here; there are version, force and reason");
      }
    }
    if (version == null) {
      throw Problem.invalid("version", "is required");
    }
    boolean forced = force != null && force;
    if (forced && reason == null) {
      throw Problem.invalid("reason", "is required with force: it is recorded on the version");
    }
    return new PromotionBody(version, forced, reason);
  }

  PromotionRequest request(String model, String by) {
    String why = reason == null ? "promoted over HTTP" : reason;
    try {
      return force
          ? PromotionRequest.forced(model, version, by, why)
          : PromotionRequest.of(model, version, by, why);
    } catch (IllegalArgumentException e) {
      throw Problem.invalid("reason", String.valueOf(e.getMessage()));
    }
  }
}
