package io.millrace.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.temporal.common.converter.RawValue;
import io.temporal.failure.ApplicationFailure;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads a run's params strictly, as a person typed them into the Web UI's form.
 *
 * <p>No input, {@code null} and {@code {}} give the defaults, and a field that is left out has its
 * default. Everything else that is wrong ends the run with a non-retryable failure of type {@link
 * #INVALID} that names the field: were it thrown as it is, the workflow task would fail for ever.
 */
final class Params {

  /** The failure type of a run whose params are wrong. */
  static final String INVALID = "InvalidParams";

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .addModules(new JavaTimeModule(), new Jdk8Module())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .build();

  private Params() {}

  /** Reads an input; {@code defaults} also tells the type. */
  static <P> P read(String dag, @Nullable RawValue input, P defaults) {
    if (input == null || input.getPayload().getData().isEmpty()) {
      return defaults;
    }
    JsonNode given = tree(dag, input);
    if (given.isNull()) {
      return defaults;
    }
    if (!(given instanceof ObjectNode fields)) {
      throw invalid(
          dag, "the input must be one JSON object with the fields %s".formatted(names(defaults)));
    }
    fields.remove(RunOptions.FIELD);
    refuseUnknown(dag, fields, defaults);
    return decode(dag, fields, defaults);
  }

  /** Reads what the input asks of the run itself. */
  static RunOptions options(String dag, @Nullable RawValue input) {
    if (input == null || input.getPayload().getData().isEmpty()) {
      return RunOptions.NONE;
    }
    JsonNode asked = tree(dag, input).path(RunOptions.FIELD);
    if (asked.isMissingNode() || asked.isNull()) {
      return RunOptions.NONE;
    }
    if (!(asked instanceof ObjectNode fields)) {
      throw invalid(dag, "%s must be an object".formatted(RunOptions.FIELD));
    }
    refuseUnknown(dag, fields, RunOptions.NONE);
    return decode(dag, fields, RunOptions.NONE);
  }

  /** The params as JSON, for the report. */
  static String show(Object params) {
    try {
      return JSON.writeValueAsString(params);
    } catch (JsonProcessingException e) {
      return String.valueOf(params);
    }
  }

  private static JsonNode tree(String dag, RawValue input) {
    try {
      return JSON.readTree(input.getPayload().getData().newInput());
    } catch (IOException e) {
      throw invalid(dag, "the input is not JSON");
    }
  }

  private static void refuseUnknown(String dag, ObjectNode fields, Object defaults) {
    List<String> known = names(defaults);
    fields
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (!known.isEmpty() && !known.contains(name)) {
                throw invalid(
                    dag, "there is no field '%s'; the fields are %s".formatted(name, known));
              }
            });
  }

  private static <P> P decode(String dag, ObjectNode fields, P defaults) {
    try {
      ObjectNode merged = JSON.createObjectNode();
      JsonNode base = JSON.valueToTree(defaults);
      names(defaults).stream().filter(base::has).forEach(name -> merged.set(name, base.get(name)));
      merged.setAll(fields);
      @SuppressWarnings("unchecked") // the class of a P
      Class<P> type = (Class<P>) defaults.getClass();
      return Objects.requireNonNull(JSON.treeToValue(merged, type));
    } catch (UnrecognizedPropertyException e) {
      throw invalid(dag, "there is no field '%s'".formatted(path(e)));
    } catch (MismatchedInputException e) {
      throw invalid(dag, mismatch(fields, e));
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw invalid(dag, rootMessage(e));
    }
  }

  private static String mismatch(ObjectNode fields, MismatchedInputException e) {
    JsonNode value = fields;
    for (JsonMappingException.Reference step : e.getPath()) {
      value =
          step.getFieldName() != null
              ? value.path(step.getFieldName())
              : value.path(step.getIndex());
    }
    Class<?> type = e.getTargetType();
    return "%s must be a %s, but is %s"
        .formatted(path(e), type == null ? "value" : type.getSimpleName(), value);
  }

  private static String path(JsonMappingException e) {
    return e.getPath().stream()
        .map(
            step -> step.getFieldName() == null ? "[" + step.getIndex() + "]" : step.getFieldName())
        .collect(Collectors.joining("."))
        .replace(".[", "[");
  }

  private static List<String> names(Object record) {
    RecordComponent @Nullable [] components = record.getClass().getRecordComponents();
    return components == null
        ? List.of()
        : Arrays.stream(components).map(RecordComponent::getName).toList();
  }

  /** What the record's own check said; Jackson wraps it. */
  private static String rootMessage(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return String.valueOf(root.getMessage());
  }

  private static ApplicationFailure invalid(String dag, String what) {
    return ApplicationFailure.newNonRetryableFailure(
        "Params of %s: %s".formatted(dag, what), INVALID);
  }
}
