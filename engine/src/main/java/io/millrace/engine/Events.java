package io.millrace.engine;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.engine.DagRunOps.ExternalEvent;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The events that came before the task that waits for them: none is lost, none used twice. */
final class Events {

  private final Map<String, Deque<JsonNode>> waiting = new TreeMap<>();

  void keep(ExternalEvent event) {
    waiting.computeIfAbsent(event.name(), name -> new ArrayDeque<>()).add(event.payload());
  }

  /** Removes the oldest event of a name. */
  @Nullable JsonNode take(String name) {
    Deque<JsonNode> events = waiting.get(name);
    return events == null ? null : events.poll();
  }
}
