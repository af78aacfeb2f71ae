package io.millrace.workers.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.core.serving.JsonFault;
import io.millrace.engine.DagDescription;
import io.millrace.workers.worker.Pipeline;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The params of runs as people type them. */
final class ParamsInput {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private ParamsInput() {}

  /**
   * Reads a JSON object, or a file that holds one, and adds single fields.
   *
   * @param fields each value is JSON if it reads as a number, a boolean, a list or an object, else
   *     text
   * @return null if nothing was given
   */
  static @Nullable JsonNode read(
      Console console, @Nullable String text, Map<String, String> fields) {
    if (text == null && fields.isEmpty()) {
      return null;
    }
    ObjectNode params = text == null ? MAPPER.createObjectNode() : object(console, text);
    fields.forEach((name, value) -> params.set(name, value(value)));
    return params;
  }

  /**
   * Refuses params that a run of the DAG would refuse, before anything is started: by the run's own
   * strict check. Returns the DAG as it is with them.
   */
  static DagDescription require(Pipeline pipeline, @Nullable JsonNode params) {
    try {
      return DagDescription.of(pipeline.implementation(), params);
    } catch (IllegalArgumentException e) {
      throw CommandFailure.usage(
          e.getMessage()
              + "; `millrace dags show "
              + pipeline.name()
              + " --json-schema` prints what it takes");
    }
  }

  private static ObjectNode object(Console console, String text) {
    String content = text;
    if (text.startsWith("@")) {
      Path file = console.workingDirectory().resolve(text.substring(1));
      if (!Files.isRegularFile(file)) {
        throw CommandFailure.usage("--params: there is no file " + file);
      }
      try {
        content = Files.readString(file);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    try {
      if (MAPPER.readTree(content) instanceof ObjectNode object) {
        return object;
      }
    } catch (JsonProcessingException e) {
      throw CommandFailure.usage("--params is not JSON: " + JsonFault.of(e));
    }
    throw CommandFailure.usage("--params must be a JSON object, but is: " + content.strip());
  }

  private static JsonNode value(String text) {
    try {
      JsonNode json = MAPPER.readTree(text);
      return json == null || json.isMissingNode() ? MAPPER.getNodeFactory().textNode(text) : json;
    } catch (JsonProcessingException e) {
      return MAPPER.getNodeFactory().textNode(text);
    }
  }
}
