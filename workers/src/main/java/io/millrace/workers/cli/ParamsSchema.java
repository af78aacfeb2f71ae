package io.millrace.workers.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.millrace.engine.DagDescription;
import io.millrace.engine.RunOptions;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a DAG can be started with, as a JSON Schema read off its params record. */
final class ParamsSchema {
  private static final ObjectMapper MAPPER =
      new ObjectMapper()
          .registerModule(new JavaTimeModule())
          .registerModule(new Jdk8Module())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS);
  private static final Set<Class<?>> WHOLE =
      Set.of(int.class, long.class, short.class, byte.class, Integer.class, Long.class);
  private static final Set<Class<?>> NUMBERS =
      Set.of(double.class, float.class, Double.class, Float.class);
  private static final Map<Class<?>, String> FORMATS =
      Map.of(
          Duration.class, "duration",
          Instant.class, "date-time",
          LocalDate.class, "date");

  private ParamsSchema() {}

  /** The schema of a run's input. No field is required: what is left out has its default. */
  static ObjectNode of(DagDescription dag) {
    ObjectNode schema = MAPPER.createObjectNode();
    schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    schema.put("title", dag.name());
    schema.setAll(object(dag.params().getClass(), MAPPER.valueToTree(dag.params())));
    schema.remove("required");
    ObjectNode options = object(RunOptions.class, null);
    options.remove("required");
    options.put("description", "Asked of the run itself, not of the DAG.");
    schema.withObjectProperty("properties").set(RunOptions.FIELD, options);
    return schema;
  }

  private static ObjectNode object(Class<?> record, @Nullable JsonNode defaults) {
    ObjectNode schema = MAPPER.createObjectNode();
    schema.put("type", "object");
    ObjectNode properties = schema.putObject("properties");
    ArrayNode required = MAPPER.createArrayNode();
    for (RecordComponent component : components(record)) {
      JsonNode value = defaults == null ? null : defaults.get(component.getName());
      ObjectNode field = type(component.getGenericType(), value);
      if (value != null) {
        field.set("default", value);
      }
      properties.set(component.getName(), field);
      // The engine fills in what is missing of the params, but not of a record in them.
      if (component.getType().isPrimitive()) {
        required.add(component.getName());
      }
    }
    if (!required.isEmpty()) {
      schema.set("required", required);
    }
    schema.put("additionalProperties", false);
    return schema;
  }

  private static RecordComponent[] components(Class<?> record) {
    RecordComponent[] components = record.getRecordComponents();
    return components == null ? new RecordComponent[0] : components;
  }

  private static ObjectNode type(Type type, @Nullable JsonNode value) {
    Class<?> raw = raw(type);
    ObjectNode schema = MAPPER.createObjectNode();
    if (raw.isRecord()) {
      return object(raw, value);
    } else if (raw.isEnum()) {
      ArrayNode values = schema.put("type", "string").putArray("enum");
      for (Object constant : raw.getEnumConstants()) {
        values.add(((Enum<?>) constant).name());
      }
    } else if (WHOLE.contains(raw)) {
      schema.put("type", "integer");
    } else if (NUMBERS.contains(raw)) {
      schema.put("type", "number");
    } else if (raw == boolean.class || raw == Boolean.class) {
      schema.put("type", "boolean");
    } else if (Collection.class.isAssignableFrom(raw)) {
      schema.put("type", "array").set("items", type(argument(type, 0), null));
    } else if (Map.class.isAssignableFrom(raw)) {
      schema.put("type", "object").set("additionalProperties", type(argument(type, 1), null));
    } else if (raw == Optional.class) {
      return type(argument(type, 0), value);
    } else if (raw != Object.class && !JsonNode.class.isAssignableFrom(raw)) {
      schema.put("type", "string");
      if (FORMATS.containsKey(raw)) {
        schema.put("format", FORMATS.get(raw));
      }
    }
    if (value != null && value.isNull() && schema.has("type")) {
      String only = schema.get("type").asText();
      schema.putArray("type").add(only).add("null");
    }
    return schema;
  }

  private static Class<?> raw(Type type) {
    if (type instanceof Class<?> plain) {
      return plain;
    }
    return type instanceof ParameterizedType generic ? raw(generic.getRawType()) : Object.class;
  }

  private static Type argument(Type type, int index) {
    return type instanceof ParameterizedType generic
        ? generic.getActualTypeArguments()[index]
        : Object.class;
  }
}
