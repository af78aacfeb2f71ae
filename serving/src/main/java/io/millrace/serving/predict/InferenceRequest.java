package io.millrace.serving.predict;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.millrace.serving.http.Body;
import io.millrace.serving.http.Problem;
import io.millrace.serving.models.Rows;
import io.millrace.serving.models.ServedVersion;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST /inference} but for its {@code input_data}, which is read once the
 * version is known.
 *
 * @param version the version that is asked for; null is the one that serves
 * @param retries further tries to load it after the first
 * @param sla in what time the answer is worth having
 */
record InferenceRequest(@Nullable String version, int retries, Duration sla) {
  private static final int RETRIES = 3;
  private static final int MAX_RETRIES = 10;
  private static final double SLA_SECONDS = 60;
  private static final double MAX_SLA_SECONDS = 600;
  private static final int MAX_VERSION = 64;

  /**
   * Reads all but the data, whose shape alone is checked.
   *
   * @throws Problem 400 or 422
   */
  static InferenceRequest read(byte[] body) {
    return Body.read(body, InferenceRequest::read);
  }

  private static InferenceRequest read(JsonParser parser) throws IOException {
    Body.requireObject(parser, "the body");
    @Nullable String version = null;
    int retries = RETRIES;
    double sla = SLA_SECONDS;
    Set<String> given = new HashSet<>();
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      parser.nextToken();
      if (!given.add(name)) {
        throw Problem.invalid(name, "is given twice");
      }
      switch (name) {
        case "input_data" -> {
          Body.requireList(parser, name);
          parser.skipChildren();
        }
        case "model_version" -> version = version(parser);
        case "retries" -> retries = retries(parser);
        case "sla_seconds" -> sla = sla(parser);
        default ->
            throw Problem.invalid(
                name, "is not known here: input_data, model_version, retries, sla_seconds are");
      }
    }
    if (!given.contains("input_data")) {
      throw Problem.invalid("input_data", "is required");
    }
    return new InferenceRequest(version, retries, Duration.ofNanos((long) (sla * 1e9)));
  }

  private static @Nullable String version(JsonParser parser) throws IOException {
    JsonToken token = parser.currentToken();
    if (token == JsonToken.VALUE_NULL) {
      return null;
    }
    if (token == JsonToken.VALUE_STRING || token == JsonToken.VALUE_NUMBER_INT) {
      String text = parser.getText();
      if (isVersion(text)) {
        return text;
      }
    }
    throw Problem.invalid(
        "model_version", "must be a version, such as \"7\", but is " + Body.what(parser));
  }

  /** It goes into the path of a request to the registry. */
  private static boolean isVersion(String text) {
    return !text.isEmpty()
        && text.length() <= MAX_VERSION
        && text.chars().allMatch(c -> c < 128 && (Character.isLetterOrDigit(c) || c == '-'));
  }

  private static int retries(JsonParser parser) throws IOException {
    long retries = Body.wholeNumber(parser, "retries");
    if (retries < 0 || retries > MAX_RETRIES) {
      throw Problem.invalid("retries", "must be 0 to " + MAX_RETRIES + ", but is " + retries);
    }
    return (int) retries;
  }

  private static double sla(JsonParser parser) throws IOException {
    double seconds = Body.number(parser, "sla_seconds");
    if (!(seconds > 0 && seconds <= MAX_SLA_SECONDS)) {
      throw Problem.invalid(
          "sla_seconds",
          "must be more than 0 and at most %.0f, but is %s".formatted(MAX_SLA_SECONDS, seconds));
    }
    return seconds;
  }

  /**
   * Reads the data, which is one value for each input of the version, in their order.
   *
   * @throws Problem 422
   */
  static Rows data(byte[] body, ServedVersion version) {
    return Body.read(
        body,
        parser -> {
          Rows rows = new Rows(version.encoder());
          for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            parser.nextToken();
            if (name.equals("input_data")) {
              row(parser, rows);
            } else {
              parser.skipChildren();
            }
          }
          return rows;
        });
  }

  private static void row(JsonParser parser, Rows rows) throws IOException {
    rows.begin();
    int width = rows.encoder().width();
    int count = 0;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (count < width) {
        Instances.value(parser, rows, count, "input_data");
      }
      count++;
      parser.skipChildren();
    }
    if (count != width) {
      throw Problem.invalid(
          "input_data",
          "must have %d values, one for each of %s, but has %d"
              .formatted(width, String.join(", ", Instances.names(rows.encoder())), count));
    }
    rows.end("input_data");
  }
}
