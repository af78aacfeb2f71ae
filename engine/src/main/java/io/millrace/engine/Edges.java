package io.millrace.engine;

import io.millrace.engine.TriggerRule.Decision;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** What a task waits for, and what may keep it from running. */
final class Edges {

  /** What is decided of a task, and why. */
  record Verdict(Decision decision, String reason) {}

  private static final Verdict WAIT = new Verdict(Decision.WAIT, "");
  private static final Verdict RUN = new Verdict(Decision.RUN, "");

  final Set<Node<?, ?>> upstream = new LinkedHashSet<>();

  /** The tasks whose work this one takes down again; empty for any other task. */
  final Set<Node<?, ?>> setups = new LinkedHashSet<>();

  private final List<BooleanSupplier> conditions = new ArrayList<>();
  private List<Decider<?, ?>> deciders = List.of();
  private List<Node<?, ?>> indirectSetups = List.of();
  private TriggerRule rule = TriggerRule.ALL_SUCCESS;

  void rule(TriggerRule triggerRule) {
    rule = triggerRule;
  }

  TriggerRule rule() {
    return rule;
  }

  void condition(BooleanSupplier holds) {
    conditions.add(holds);
  }

  /** Tells what follows from the whole graph; before the first {@link #verdict}. */
  void complete(List<Decider<?, ?>> decidersAbove, List<Node<?, ?>> setupsAbove) {
    deciders = decidersAbove;
    indirectSetups = setupsAbove;
  }

  /** Decides now: a decision above first, then setups, then the rule, then conditions. */
  Verdict verdict(Node<?, ?> self) {
    for (Decider<?, ?> decider : deciders) {
      if (decider.excludes(self)) {
        return new Verdict(Decision.SKIP, decider.reason());
      }
    }
    Verdict ofSetups = setups.isEmpty() ? ofIndirectSetups() : RUN;
    if (ofSetups.decision != Decision.RUN) {
      return ofSetups;
    }
    Decision byRule = setups.isEmpty() ? rule.evaluate(counts(upstream)) : teardown();
    if (byRule != Decision.RUN) {
      return new Verdict(byRule, byRule == Decision.WAIT ? "" : reason());
    }
    return conditions.stream().allMatch(BooleanSupplier::getAsBoolean)
        ? RUN
        : new Verdict(Decision.SKIP, "its condition does not hold");
  }

  private Verdict ofIndirectSetups() {
    for (Node<?, ?> setup : indirectSetups) {
      switch (setup.state()) {
        case FAILED, UPSTREAM_FAILED -> {
          return new Verdict(
              Decision.UPSTREAM_FAIL, "%s %s".formatted(setup.id(), setup.state().words()));
        }
        case SKIPPED -> {
          return new Verdict(Decision.SKIP, setup.id() + " skipped");
        }
        case NONE, QUEUED, RUNNING, RESTARTING, AWAITING_INPUT -> {
          return WAIT;
        }
        case SUCCESS -> {}
      }
    }
    return RUN;
  }

  /**
   * Airflow's {@code all_done_setup_success}: its work has ended, and there is something to undo.
   */
  private Decision teardown() {
    if (!counts(upstream).allDone()) {
      return Decision.WAIT;
    }
    UpstreamCounts ofSetups = counts(setups);
    if (ofSetups.success() > 0) {
      return Decision.RUN;
    }
    return ofSetups.skipped() == ofSetups.total() ? Decision.SKIP : Decision.UPSTREAM_FAIL;
  }

  private static UpstreamCounts counts(Set<Node<?, ?>> nodes) {
    UpstreamCounts counts = UpstreamCounts.NONE;
    for (Node<?, ?> node : nodes) {
      counts = counts.plus(node.counts());
    }
    return counts;
  }

  private String reason() {
    return upstream.stream()
        .filter(node -> node.state().isTerminal() && node.state() != NodeState.SUCCESS)
        .findFirst()
        .map(node -> "%s %s".formatted(node.id(), node.state().words()))
        .orElse("");
  }
}
