package io.millrace.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import io.millrace.engine.StrictJson.WrongInput;
import io.temporal.api.common.v1.Payload;
import io.temporal.common.converter.RawValue;
import io.temporal.failure.ApplicationFailure;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.unsafe.WorkflowUnsafe;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads a run's params strictly, as a person typed them into the Web UI's form; see {@link
 * StrictJson}.
 *
 * <p>No input, {@code null} and {@code {}} give the defaults, and a field that is left out has its
 * default, also in a nested record. Everything else that is wrong ends the run with a non-retryable
 * failure of type {@link #INVALID} that names the field, the value and what it must be: were it
 * thrown as it is, the workflow task would fail for ever.
 */
final class Params {

  /** The failure type of a run whose params are wrong. */
  static final String INVALID = "InvalidParams";

  /** Marks runs that began with this reader, in the history of a run that it refuses. */
  private static final String STRICT = "strict-params";

  private Params() {}

  /**
   * Loads what reading needs. On a busy machine that takes most of the second after which the SDK
   * calls a workflow task a deadlock, so it is done when a worker is set up.
   */
  static void prepare() {
    ByteString nothing = ByteString.copyFromUtf8("{\"" + RunOptions.FIELD + "\": {}}");
    RunOptions unused = strictOptions(new RawValue(Payload.newBuilder().setData(nothing).build()));
  }

  /** Reads an input; {@code defaults} also says the type. */
  static <P> P read(String dag, @Nullable RawValue input, P defaults) {
    return refusing(dag, () -> strict(input, defaults), () -> PriorParams.read(input, defaults));
  }

  /** Reads what the input asks of the run itself. */
  static RunOptions options(String dag, @Nullable RawValue input) {
    return refusing(dag, () -> strictOptions(input), () -> PriorParams.options(input));
  }

  /**
   * Checks params before a run is started with them, as strictly as the run does.
   *
   * @throws IllegalArgumentException with the message that the run would fail with
   */
  static <P> P checked(String dag, @Nullable JsonNode input, P defaults) {
    if (input == null) {
      return defaults;
    }
    RawValue raw =
        new RawValue(
            Payload.newBuilder().setData(ByteString.copyFromUtf8(input.toString())).build());
    try {
      RunOptions unused = options(dag, raw);
      return read(dag, raw, defaults);
    } catch (ApplicationFailure e) {
      throw new IllegalArgumentException(e.getOriginalMessage(), e);
    }
  }

  private static <P> P strict(@Nullable RawValue input, P defaults) {
    JsonNode given = tree(input);
    if (given.isMissingNode() || given.isNull()) {
      return defaults;
    }
    if (!(given instanceof ObjectNode fields)) {
      throw new WrongInput(
          "the input must be one JSON object with the fields %s, but is %s"
              .formatted(names(defaults), StrictJson.show(given)));
    }
    fields.remove(RunOptions.FIELD);
    @SuppressWarnings("unchecked") // the class of a P
    Class<P> type = (Class<P>) defaults.getClass();
    return StrictJson.read("", fields, type, StrictJson.tree(defaults));
  }

  private static RunOptions strictOptions(@Nullable RawValue input) {
    JsonNode asked = tree(input).path(RunOptions.FIELD);
    if (asked.isMissingNode() || asked.isNull()) {
      return RunOptions.NONE;
    }
    return StrictJson.read(
        RunOptions.FIELD, asked, RunOptions.class, StrictJson.tree(RunOptions.NONE));
  }

  private static JsonNode tree(@Nullable RawValue input) {
    return input == null
        ? JsonNodeFactory.instance.missingNode()
        : StrictJson.parse(input.getPayload().getData());
  }

  /**
   * Reads, and fails the run if the input is wrong. A run that an earlier release began with an
   * input that was accepted then goes on with it, as its history says.
   */
  private static <T> T refusing(String dag, Supplier<T> strict, Supplier<T> former) {
    try {
      return strict.get();
    } catch (WrongInput e) {
      if (WorkflowUnsafe.isWorkflowThread()
          && Workflow.getVersion(STRICT, Workflow.DEFAULT_VERSION, 1) == Workflow.DEFAULT_VERSION) {
        try {
          return former.get();
        } catch (WrongInput wrongThen) {
          // It was refused then as well.
        }
      }
      throw invalid(dag, String.valueOf(e.getMessage()));
    }
  }

  /** The params as JSON, for the report. */
  static String show(Object params) {
    try {
      return StrictJson.MAPPER.writeValueAsString(params);
    } catch (JsonProcessingException e) {
      return String.valueOf(params);
    }
  }

  private static List<String> names(Object defaults) {
    return defaults instanceof Record
        ? List.copyOf(
            JsonShape.fieldsOf(StrictJson.MAPPER.constructType(defaults.getClass())).keySet())
        : List.of();
  }

  private static ApplicationFailure invalid(String dag, String what) {
    return ApplicationFailure.newNonRetryableFailure(
        "Params of %s: %s".formatted(dag, what), INVALID);
  }
}
