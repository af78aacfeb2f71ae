package io.millrace.workers.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;

/**
 * What a page shows as the answer of a command, which the real one must look like: JSON has the
 * same fields of the same kinds, and nothing is null that is not on the page; of other text the
 * first line, which is a table's head, is there.
 */
final class Promise {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Promise() {}

  /** What is otherwise than promised; empty if nothing is. */
  static String fault(List<String> promised, String answer) {
    if (promised.isEmpty()) {
      return "";
    }
    try {
      JsonNode shape = JSON.readTree(String.join("\n", promised));
      if (shape.isContainerNode()) {
        return difference("", shape, JSON.readTree(answer));
      }
    } catch (JsonProcessingException e) {
      if (promised.get(0).stripLeading().startsWith("{")) {
        return "the page shows JSON, and the answer is none: " + e.getOriginalMessage();
      }
    }
    String head = words(promised.get(0));
    return answer.lines().map(Promise::words).anyMatch(head::equals)
        ? ""
        : "the page shows '" + promised.get(0).strip() + "'";
  }

  private static String difference(String path, JsonNode shape, JsonNode seen) {
    if (shape.getNodeType() != seen.getNodeType()) {
      return "%s is %s, on the page %s"
          .formatted(path.isEmpty() ? "the answer" : path, seen, shape.getNodeType());
    }
    for (Map.Entry<String, JsonNode> field : shape.properties()) {
      String at = path + "." + field.getKey();
      JsonNode value = seen.get(field.getKey());
      String difference =
          value == null ? at + " is missing" : difference(at, field.getValue(), value);
      if (!difference.isEmpty()) {
        return difference;
      }
    }
    if (shape.isArray() && !shape.isEmpty()) {
      return seen.isEmpty()
          ? path + " is an empty list"
          : difference(path + "[0]", shape.get(0), seen.get(0));
    }
    return "";
  }

  private static String words(String line) {
    return line.strip().replaceAll("\\s+", " ");
  }
}
