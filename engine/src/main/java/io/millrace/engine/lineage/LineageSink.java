package io.millrace.engine.lineage;

import com.fasterxml.jackson.databind.JsonNode;

/** Where OpenLineage events go. Called by workflow code, so it must neither block nor throw. */
@FunctionalInterface
public interface LineageSink {

  /** Takes an event, an OpenLineage {@code RunEvent}; may drop it. */
  void emit(JsonNode event);
}
