package io.millrace.serving.models;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.millrace.core.registry.CanaryShare;
import io.millrace.serving.http.Body;
import io.millrace.serving.http.Problem;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The body of a change of the canary: {@code {"version": "8", "share": 0.2}}, or {@code {"share":
 * 0.2}} for the canary that there is.
 */
record CanaryBody(@Nullable String version, double share) {

  /**
   * Reads a whole body.
   *
   * @throws Problem 400 if it is no JSON, 422 if it is another document
   */
  static CanaryBody read(byte[] bytes) {
    return Body.read(bytes, CanaryBody::read);
  }

  private static CanaryBody read(JsonParser parser) throws IOException {
    Body.requireObject(parser, "the body");
    @Nullable String version = null;
    @Nullable Double share = null;
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String field = parser.currentName();
      parser.nextToken();
      switch (field) {
        case "version" -> version = Body.once(version, Body.text(parser, field), field);
        case "share" -> share = Body.once(share, Body.number(parser, field), field);
        default -> throw Problem.invalid(field, "is not known here; there are version and share");
      }
    }
    if (share == null) {
      throw Problem.invalid("share", "is required");
    }
    if (!CanaryShare.isValid(share)) {
      throw Problem.invalid("share", "must be 0 to 1, but is " + share);
    }
    return new CanaryBody(version, share);
  }
}
