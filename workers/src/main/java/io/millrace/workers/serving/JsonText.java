package io.millrace.workers.serving;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.core.serving.JsonFault;

/** Reads the JSON files of a version whole, so that their faults are named in plain words. */
final class JsonText {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private JsonText() {}

  /**
   * Reads a document.
   *
   * @throws IllegalArgumentException naming the file and the place
   */
  static JsonNode parse(String file, String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(file + ": " + JsonFault.of(e), e);
    }
  }

  /**
   * Reads a document that must be an object of objects.
   *
   * @throws IllegalArgumentException naming the file and the field
   */
  static JsonNode requireObject(String file, String text) {
    JsonNode document = parse(file, text);
    if (!document.isObject()) {
      throw new IllegalArgumentException(file + " must be an object");
    }
    return document;
  }
}
