package io.millrace.workers.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.core.serving.JsonFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** JSON given to an option: the text itself, or {@code @FILE}. */
final class JsonInput {
  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private JsonInput() {}

  /**
   * Reads any JSON value.
   *
   * @throws CommandFailure naming the option, if it is none
   */
  static JsonNode any(Console console, String option, String text) {
    try {
      JsonNode node = MAPPER.readTree(text.startsWith("@") ? file(console, option, text) : text);
      if (node.isMissingNode()) {
        throw CommandFailure.usage(option + " is empty; give JSON");
      }
      return node;
    } catch (JsonProcessingException e) {
      throw CommandFailure.usage(option + " is not JSON: " + JsonFault.of(e));
    }
  }

  /** Reads an object. */
  static ObjectNode object(Console console, String option, String text) {
    JsonNode node = any(console, option, text);
    if (node instanceof ObjectNode object) {
      return object;
    }
    throw CommandFailure.usage(option + " must be a JSON object, but is: " + text.strip());
  }

  /** Reads a list. */
  static List<JsonNode> list(Console console, String option, String text) {
    JsonNode node = any(console, option, text);
    if (!node.isArray()) {
      throw CommandFailure.usage(option + " must be a JSON list, but is: " + text.strip());
    }
    List<JsonNode> items = new ArrayList<>();
    node.forEach(items::add);
    return items;
  }

  private static String file(Console console, String option, String text) {
    Path file = console.workingDirectory().resolve(text.substring(1));
    if (!Files.isRegularFile(file)) {
      throw CommandFailure.usage(option + ": there is no file " + file);
    }
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw CommandFailure.usage(option + ": cannot read " + file);
    }
  }
}
