package io.millrace.engine.replay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.engine.replay.Comparison.Difference;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The items of a chunk of a mapped task. What else a chunk is given (policy, priority, how many at
 * a time) may change under a run.
 */
final class ChunkItems {

  private static final String ITEMS = "items";
  private static final String NAME = "name";
  private static final String ARGS = "args";

  private ChunkItems() {}

  static @Nullable Difference difference(JsonNode recorded, JsonNode current) {
    JsonNode before = recorded.path(ITEMS);
    JsonNode now = current.path(ITEMS);
    if (!before.isArray() || !now.isArray()) {
      return Comparison.between(recorded, current);
    }
    if (before.size() != now.size()) {
      return new Difference("." + ITEMS, before, now);
    }
    for (int i = 0; i < now.size(); i++) {
      Difference difference = item(before.get(i), now.get(i));
      if (difference != null) {
        return difference.in(".%s[%d]".formatted(ITEMS, i));
      }
    }
    return null;
  }

  private static @Nullable Difference item(JsonNode recorded, JsonNode current) {
    if (!(recorded instanceof ObjectNode before) || !(current instanceof ObjectNode now)) {
      return Comparison.between(recorded, current);
    }
    String name = before.path(NAME).asText();
    if (!TaskNames.isSameItem(name, now.path(NAME).asText())) {
      return new Difference("." + NAME, before.path(NAME), now.path(NAME));
    }
    Difference args = Comparison.betweenTrees(before.path(ARGS), now.path(ARGS));
    return args == null ? Comparison.between(rest(before), rest(now)) : args.in("." + ARGS);
  }

  private static ObjectNode rest(ObjectNode item) {
    ObjectNode rest = JsonNodeFactory.instance.objectNode();
    rest.setAll(item);
    return rest.remove(List.of(NAME, ARGS));
  }
}
