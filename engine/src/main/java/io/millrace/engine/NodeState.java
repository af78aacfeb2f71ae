package io.millrace.engine;

import java.util.Locale;

/** The state of one task in one run, in Airflow's words. */
public enum NodeState {
  /** Not decided yet: it waits for its upstream tasks. */
  NONE("·"),
  /** Started, and waits for a slot of its pool. */
  QUEUED("…"),
  /** Does its work; for a mapped task, at least one item does. */
  RUNNING("▶"),
  /** Cleared while an execution goes on, whose end it waits for: Airflow's {@code restarting}. */
  RESTARTING("↻"),
  /** A gate that waits for a person. */
  AWAITING_INPUT("?"),
  SUCCESS("✓"),
  FAILED("✗"),
  SKIPPED("–"),
  /** Not run because a task that it needs has failed. */
  UPSTREAM_FAILED("↯");

  private final String symbol;

  NodeState(String symbol) {
    this.symbol = symbol;
  }

  /** Returns whether the state can no longer change in this run. */
  public boolean isTerminal() {
    return switch (this) {
      case NONE, QUEUED, RUNNING, RESTARTING, AWAITING_INPUT -> false;
      case SUCCESS, FAILED, SKIPPED, UPSTREAM_FAILED -> true;
    };
  }

  /** Whether the task has been started and has not ended. */
  boolean isActive() {
    return this == QUEUED || this == RUNNING || this == AWAITING_INPUT;
  }

  /** The state as Airflow writes it, for example {@code upstream_failed}. */
  public String words() {
    return name().toLowerCase(Locale.ROOT);
  }

  String symbol() {
    return symbol;
  }
}
