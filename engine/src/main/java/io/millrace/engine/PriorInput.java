package io.millrace.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.temporal.activity.ActivityOptions;
import io.temporal.common.converter.DefaultDataConverter;
import io.temporal.common.converter.RawValue;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What an earlier run was about. A rerun is about the same, but for what it is given itself.
 *
 * @param fields the input of the earlier run
 * @param logicalDate the start of its data interval
 * @param intervalEnd the end of its data interval
 */
public record PriorInput(
    @JsonDeserialize(using = Json.ExactTree.class) JsonNode fields,
    Instant logicalDate,
    Instant intervalEnd) {

  /**
   * Completes the input of a rerun that was started by hand, with {@code rerunOf} and perhaps some
   * fields more.
   *
   * @param given the input of the rerun
   * @param options what it asks of the run
   * @return the input with everything that it does not say itself
   */
  static @Nullable RawValue complete(@Nullable RawValue given, RunOptions options) {
    if (options.rerunOf() == null
        || options.logicalDate() != null
        || DataInterval.scheduledTimeOfCurrentRun().isPresent()
        || Workflow.getVersion("rerun-reads-input", Workflow.DEFAULT_VERSION, 1) != 1) {
      return given;
    }
    PriorInput former =
        Workflow.newUntypedActivityStub(
                ActivityOptions.newBuilder()
                    .setSummary("input of " + options.rerunOf())
                    .setStartToCloseTimeout(Duration.ofMinutes(1))
                    .setRetryOptions(Policy.PATIENT.retry().options())
                    .build())
            .execute(PriorResultsReader.INPUT, PriorInput.class, options.rerunOf());
    return former.under(given);
  }

  private RawValue under(@Nullable RawValue given) {
    ObjectNode input =
        fields instanceof ObjectNode own ? own : JsonNodeFactory.instance.objectNode();
    JsonNode asked = given == null ? null : Json.parse(given.getPayload().getData());
    input.remove(RunOptions.FIELD);
    if (asked instanceof ObjectNode object) {
      input.setAll(object);
    }
    if (input.path(RunOptions.FIELD) instanceof ObjectNode run) {
      run.put("logicalDate", logicalDate.toString());
      run.put("intervalEnd", intervalEnd.toString());
    }
    return new RawValue(DefaultDataConverter.STANDARD_INSTANCE.toPayload(input).orElseThrow());
  }
}
