package io.millrace.workflows.training;

import io.millrace.core.training.PromotionGate;
import io.millrace.engine.Summary;
import java.util.List;

/**
 * The gate's decision as it travels through the run, with what it was based on.
 *
 * @param promote whether the aliases move
 * @param checks every rule with its figures
 * @param reasons why not, empty if {@code promote}
 */
public record GateReport(
    boolean promote, List<PromotionGate.Check> checks, List<String> reasons, Evaluation evaluation)
    implements Summary {

  public GateReport {
    checks = List.copyOf(checks);
    reasons = List.copyOf(reasons);
  }

  /** Applies a gate to an evaluation; pure. */
  public static GateReport judge(PromotionGate gate, Evaluation evaluation) {
    PromotionGate.Decision decision =
        gate.judge(evaluation.candidate(), evaluation.baseline(), evaluation.champion());
    return new GateReport(
        decision instanceof PromotionGate.Decision.Promote,
        decision.checks(),
        decision instanceof PromotionGate.Decision.Hold hold ? hold.reasons() : List.of(),
        evaluation);
  }

  @Override
  public String summary() {
    return promote ? "promote" : "held back: " + String.join("; ", reasons);
  }
}
