package io.millrace.serving.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * The OpenAPI document of a server that asks nobody for a key: a client that was made of a document
 * with security would ask its users for a key that there is not.
 */
final class OpenDocument {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> WITHOUT_KEYS = List.of("401", "403");
  private static final List<String> RESPONSES = List.of("Unauthorized", "Forbidden");

  private OpenDocument() {}

  /** The document without its security, and without the answers to those who have no key. */
  static byte[] of(byte[] guarded) {
    try {
      JsonNode document = JSON.readTree(guarded);
      for (JsonNode path : document.path("paths")) {
        for (JsonNode operation : path) {
          if (operation instanceof ObjectNode object) {
            object.remove("security");
          }
          if (operation.path("responses") instanceof ObjectNode responses) {
            responses.remove(WITHOUT_KEYS);
          }
        }
      }
      if (document.path("components") instanceof ObjectNode components) {
        components.remove("securitySchemes");
      }
      if (document.at("/components/responses") instanceof ObjectNode responses) {
        responses.remove(RESPONSES);
      }
      return JSON.writeValueAsBytes(document);
    } catch (IOException e) {
      throw new UncheckedIOException("The build's OpenAPI document cannot be read", e);
    }
  }
}
