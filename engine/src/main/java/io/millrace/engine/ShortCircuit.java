package io.millrace.engine;

import com.fasterxml.jackson.databind.JsonNode;
import io.temporal.workflow.Workflow;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets the run go on below it only if a condition holds, as Airflow's {@code ShortCircuitOperator}.
 *
 * <p>If it does not, everything below is skipped whatever its trigger rule says; only teardowns
 * follow theirs. With {@link #respectingRules} only the tasks right below are skipped, and the rest
 * follows its rules. Computed in the run; costs no activity.
 */
public final class ShortCircuit extends Decider<Boolean, ShortCircuit> {

  private final BooleanSupplier condition;
  private boolean holds;
  private boolean respectsRules;

  ShortCircuit(String id, Policy policy, BooleanSupplier condition) {
    super(id, policy);
    this.condition = condition;
  }

  /** Skips only the tasks right below: Airflow's {@code ignore_downstream_trigger_rules=False}. */
  public ShortCircuit respectingRules() {
    respectsRules = true;
    return this;
  }

  @Override
  ShortCircuit self() {
    return this;
  }

  @Override
  Boolean value() {
    return holds;
  }

  @Override
  void start() {
    holds = condition.getAsBoolean();
    finish(NodeState.SUCCESS, holds ? "goes on" : "ends here");
  }

  @Override
  Object valueOf(JsonNode given) {
    return Objects.requireNonNull(Json.<Boolean>readStrictly(given, Boolean.class));
  }

  /** Marked without a value it goes on, as in Airflow. */
  @Override
  void take(@Nullable Object value) {
    holds = value == null || (Boolean) value;
  }

  @Override
  void forget() {
    if (holds && Workflow.getVersion("short-circuit-forgets", Workflow.DEFAULT_VERSION, 1) == 1) {
      holds = false;
    }
  }

  @Override
  boolean excludes(Node<?, ?> below) {
    return state() == NodeState.SUCCESS && !holds && !below.isTeardown();
  }

  @Override
  boolean reachesAllBelow() {
    return !respectsRules;
  }

  @Override
  String reason() {
    return id() + " ended it";
  }
}
