package io.millrace.engine;

import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Waits for a person to choose an option; its value is the option.
 *
 * <p>Answered by the update {@code answer} from the Web UI or the Temporal CLI. Without a timeout
 * it waits for ever.
 */
public final class Gate extends Node<String, Gate> {

  private List<String> options = List.of("approve", "reject");
  private @Nullable Duration timeout;
  private @Nullable String fallback;
  private @Nullable CancellationScope timer;
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

  /**
   * Sets what is taken as the answer when nobody has answered in time.
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

  /** Fails the gate when nobody has answered in time. */
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

  List<String> choices() {
    return options;
  }

  @Override
  void start() {
    awaitInput("waiting for one of " + String.join(", ", options));
    if (timeout != null) {
      Duration limit = timeout;
      timer = Workflow.newCancellationScope(() -> startTimer(limit));
      timer.run();
    }
    changed();
  }

  private void startTimer(Duration limit) {
    Workflow.newTimer(limit)
        .handle(
            (fired, cancelled) -> {
              if (cancelled == null && state() == NodeState.AWAITING_INPUT) {
                timedOut(limit);
              }
              return null;
            });
  }

  private void timedOut(Duration limit) {
    if (fallback != null) {
      answer(fallback, "timeout");
    } else {
      finish(NodeState.FAILED, "nobody answered within " + limit);
    }
  }

  void answer(String option, String by) {
    chosen = option;
    if (timer != null) {
      timer.cancel();
    }
    finish(NodeState.SUCCESS, "%s (by %s)".formatted(option, by));
  }
}
