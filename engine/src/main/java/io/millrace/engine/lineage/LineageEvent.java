package io.millrace.engine.lineage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.time.Instant;
import java.util.Collection;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Writes OpenLineage's {@code RunEvent}, version 2-0-2 of its specification. */
final class LineageEvent {

  /** Who writes them. */
  static final String PRODUCER = "https://github.com/millrace/millrace/engine";

  private static final String SPEC = "https://openlineage.io/spec/";
  private static final String SCHEMA = SPEC + "2-0-2/OpenLineage.json#/$defs/RunEvent";
  private static final Pattern ADDRESS = Pattern.compile("[a-z][a-z0-9+.-]*://[^/]+/.+");

  private final ObjectNode json = JsonNodeFactory.instance.objectNode();
  private final ObjectNode runFacets;
  private final String namespace;

  /**
   * Begins one.
   *
   * @param type START, COMPLETE, FAIL or ABORT
   * @param runId a UUID
   * @param job {@code dag} or {@code dag.task}
   */
  LineageEvent(String type, Instant at, String runId, String namespace, String job) {
    this.namespace = namespace;
    json.put("eventType", type);
    json.put("eventTime", at.toString());
    ObjectNode run = json.putObject("run").put("runId", runId);
    runFacets = run.putObject("facets");
    json.putObject("job").put("namespace", namespace).put("name", job);
    json.putArray("inputs");
    json.putArray("outputs");
    json.put("producer", PRODUCER);
    json.put("schemaURL", SCHEMA);
  }

  /** The DAG's run that a task's run belongs to. */
  LineageEvent parent(String runId, String job) {
    ObjectNode parent = facet(runFacets, "parent", "1-0-1/ParentRunFacet");
    parent.putObject("run").put("runId", runId);
    parent.putObject("job").put("namespace", namespace).put("name", job);
    return this;
  }

  /** The data interval. */
  LineageEvent nominal(Instant start, Instant end) {
    facet(runFacets, "nominalTime", "1-0-1/NominalTimeRunFacet")
        .put("nominalStartTime", start.toString())
        .put("nominalEndTime", end.toString());
    return this;
  }

  LineageEvent error(@Nullable String message) {
    if (message != null) {
      facet(runFacets, "errorMessage", "1-0-1/ErrorMessageRunFacet")
          .put("message", message)
          .put("programmingLanguage", "JAVA");
    }
    return this;
  }

  LineageEvent inputs(Collection<String> assets) {
    return datasets("inputs", assets);
  }

  LineageEvent outputs(Collection<String> assets) {
    return datasets("outputs", assets);
  }

  JsonNode json() {
    return json;
  }

  /** An asset named by an address is the data set of that address, as OpenLineage names them. */
  private LineageEvent datasets(String field, Collection<String> assets) {
    ArrayNode list = (ArrayNode) json.get(field);
    for (String asset : assets) {
      ObjectNode dataset = list.addObject();
      if (ADDRESS.matcher(asset).matches()) {
        URI address = URI.create(asset.replace(" ", "%20"));
        dataset.put("namespace", address.getScheme() + "://" + address.getAuthority());
        dataset.put("name", asset.substring(asset.indexOf('/', asset.indexOf("://") + 3) + 1));
      } else {
        dataset.put("namespace", namespace).put("name", asset);
      }
    }
    return this;
  }

  private static ObjectNode facet(ObjectNode facets, String name, String schema) {
    return facets
        .putObject(name)
        .put("_producer", PRODUCER)
        .put(
            "_schemaURL",
            SPEC
                + "facets/"
                + schema
                + ".json#/$defs/"
                + schema.substring(schema.indexOf('/') + 1));
  }
}
