package io.millrace.workflows.training;

import io.millrace.core.training.GateStatement;
import io.millrace.core.training.ModelComparison;
import io.millrace.core.training.PromotionGate;
import io.millrace.engine.Summary;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The gate's decision as it travels through the run, with what it was based on.
 *
 * @param promote whether the aliases move
 * @param checks every rule with its figures
 * @param reasons why not, empty if {@code promote}
 * @param statement all of it in plain words, a line each; null in runs that are older than this
 *     field
 */
public record GateReport(
    boolean promote,
    List<PromotionGate.Check> checks,
    List<String> reasons,
    Evaluation evaluation,
    @Nullable List<String> statement)
    implements Summary {

  /** What a reviewer answers to have the candidate promoted. */
  static final String PROMOTE = "promote";

  /** What a reviewer answers to have it registered without an alias. */
  static final String HOLD = "hold";

  public GateReport {
    checks = List.copyOf(checks);
    reasons = List.copyOf(reasons);
    statement = statement == null ? null : List.copyOf(statement);
  }

  /** Applies a gate to an evaluation; pure. */
  public static GateReport evaluate(PromotionGate gate, Evaluation evaluation) {
    List<ModelComparison> comparisons = evaluation.allComparisons();
    PromotionGate.Decision decision =
        gate.evaluate(evaluation.candidate(), evaluation.baseline(), comparisons);
    return new GateReport(
        decision instanceof PromotionGate.Decision.Promote,
        decision.checks(),
        decision instanceof PromotionGate.Decision.Hold hold ? hold.reasons() : List.of(),
        evaluation,
        GateStatement.of(
            gate, decision, evaluation.candidate(), evaluation.baseline(), comparisons));
  }

  /**
   * The decision after the review.
   *
   * @param answer {@value #HOLD} holds the candidate back; anything else leaves it to the gate
   */
  GateReport reviewed(String answer) {
    return promote && answer.equals(HOLD)
        ? new GateReport(false, checks, List.of("held back in the review"), evaluation, statement)
        : this;
  }

  @Override
  public String summary() {
    return promote ? "promote" : "held back: " + String.join("; ", reasons);
  }
}
