package io.millrace.serving.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes answers, straight into bytes. */
public final class JsonResponses {
  private static final String JSON = "application/json";
  static final String PROBLEM = "application/problem+json";
  private static final JsonFactory FACTORY = new JsonFactory();

  private static final Logger log = LoggerFactory.getLogger(JsonResponses.class);

  private JsonResponses() {}

  /** Writes the fields of the answer's object. */
  @FunctionalInterface
  public interface Fields {
    void write(JsonGenerator json) throws IOException;
  }

  /** Answers 200 with an object. */
  public static void ok(Context context, Fields fields) {
    answer(context, 200, JSON, fields);
  }

  /** Answers with a problem. */
  public static void problem(Context context, Problem problem) {
    answer(context, problem.status(), PROBLEM, json -> write(json, problem));
  }

  static void write(JsonGenerator json, Problem problem) throws IOException {
    json.writeStringField("type", "about:blank");
    json.writeStringField("title", problem.title());
    json.writeNumberField("status", problem.status());
    json.writeStringField("detail", problem.detail());
    if (!problem.errors().isEmpty()) {
      json.writeArrayFieldStart("errors");
      for (Problem.FieldError error : problem.errors()) {
        json.writeStartObject();
        json.writeStringField("path", error.path());
        json.writeStringField("message", error.message());
        json.writeEndObject();
      }
      json.writeEndArray();
    }
  }

  private static void answer(Context context, int status, String type, Fields fields) {
    context.status(status).contentType(type);
    try {
      // Not as Javalin's result: that would copy the bytes through a buffer of 8 KiB.
      context.outputStream().write(bytes(fields));
    } catch (IOException e) {
      log.debug("client is gone id={} reason={}", RequestIds.of(context), e.getMessage());
    }
  }

  static byte[] bytes(Fields fields) {
    ByteArrayBuilder bytes = new ByteArrayBuilder(512);
    try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
      json.writeStartObject();
      fields.write(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("An array cannot be written to", e);
    }
    return bytes.toByteArray();
  }
}
