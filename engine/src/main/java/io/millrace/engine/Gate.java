package io.millrace.engine;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Waits for a person to choose an option; its value is the option.
 *
 * <p>Answered by the update {@code answer} from the Web UI, the Temporal CLI or {@code millrace}.
 * Without a timeout it waits for ever.
 */
public final class Gate extends Node<String, Gate> {

  private List<String> options = List.of("approve", "reject");
  private List<String> approvers = List.of();
  private @Nullable Duration timeout;
  private @Nullable String fallback;
  private String chosen = "";

  Gate(String id, Policy policy) {
    super(id, policy);
  }

  /** Sets what can be chosen; {@code approve} and {@code reject} by default. */
  public Gate options(String... choices) {
    if (choices.length == 0) {
      throw new IllegalArgumentException("Gate '%s' needs at least one option".formatted(id()));
    }
    options = List.of(choices);
    return this;
  }

  /** Names those who may answer; everybody by default. */
  public Gate approvers(String... names) {
    approvers = List.of(names);
    return this;
  }

  /**
   * Sets what is taken as the answer when there is no answer in time.
   *
   * @param option one of the options, which are set before
   */
  public Gate timeout(Duration limit, String option) {
    if (!options.contains(option)) {
      throw new IllegalArgumentException(
          "'%s' is no option of gate '%s'; choose one of %s".formatted(option, id(), options));
    }
    timeout = limit;
    fallback = option;
    return this;
  }

  /** Fails the gate when there is no answer in time. */
  public Gate timeout(Duration limit) {
    timeout = limit;
    fallback = null;
    return this;
  }

  @Override
  Gate self() {
    return this;
  }

  @Override
  String value() {
    return chosen;
  }

  @Override
  boolean takesOver() {
    JsonNode former = run().calls().formerInput(this, isOutdated());
    return former != null && options.contains(former.asText());
  }

  @Override
  void start() {
    JsonNode former = run().calls().formerInput(this, life().isStale());
    if (former != null && options.contains(former.asText())) {
      chosen = former.asText();
      finish(NodeState.SUCCESS, chosen + " (as before)");
      return;
    }
    String by = approvers.isEmpty() ? "" : " by " + String.join(" or ", approvers);
    awaitInput("waiting for one of %s%s".formatted(String.join(", ", options), by));
    if (timeout != null) {
      Duration limit = timeout;
      life().limit(limit, () -> timedOut(limit));
    }
  }

  private void timedOut(Duration limit) {
    if (state() != NodeState.AWAITING_INPUT) {
      return;
    }
    if (fallback != null) {
      answer(fallback, "timeout");
    } else {
      finish(NodeState.FAILED, "nobody answered within " + limit);
    }
  }

  /**
   * Refuses an answer that cannot be taken.
   *
   * @throws IllegalArgumentException that says why
   */
  void validate(String option, String by) {
    if (state() != NodeState.AWAITING_INPUT) {
      throw new IllegalArgumentException(
          "Gate '%s' does not wait for an answer: it is %s".formatted(id(), state().words()));
    }
    if (!options.contains(option)) {
      throw new IllegalArgumentException(
          "'%s' is no option of gate '%s'; choose one of %s".formatted(option, id(), options));
    }
    if (!approvers.isEmpty() && !approvers.contains(by)) {
      throw new IllegalArgumentException(
          "'%s' may not answer gate '%s'; it waits for one of %s".formatted(by, id(), approvers));
    }
  }

  void answer(String option, String by) {
    chosen = option;
    life().worked();
    finish(NodeState.SUCCESS, "%s (by %s)".formatted(option, by));
  }

  @Override
  Object valueOf(JsonNode given) {
    if (!given.isTextual() || !options.contains(given.asText())) {
      throw new IllegalArgumentException(
          "%s is no option of gate '%s'; it succeeds with one of %s as the result"
              .formatted(given, id(), options));
    }
    return given.asText();
  }

  @Override
  void checkMark(NodeState end, @Nullable JsonNode given) {
    if (end == NodeState.SUCCESS && given == null) {
      throw new IllegalArgumentException(
          "Gate '%s' succeeds with one of %s as the result".formatted(id(), options));
    }
    super.checkMark(end, given);
  }

  @Override
  void take(@Nullable Object value) {
    chosen = value == null ? "" : (String) value;
  }

  @Override
  void forget() {
    chosen = "";
  }
}
