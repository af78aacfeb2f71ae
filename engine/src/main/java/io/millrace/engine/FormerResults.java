package io.millrace.engine;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/**
 * What the tasks of a run made.
 *
 * @param results as JSON, by the summary of the call: {@code task} or {@code task[item]}
 */
public record FormerResults(Map<String, JsonNode> results) {}
