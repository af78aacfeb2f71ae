package io.millrace.core.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a gate decided and why, in plain words, a sentence or two a line. */
public final class GateStatement {
  private GateStatement() {}

  /**
   * States a decision.
   *
   * @param candidate on the test part
   * @param baseline on the same rows
   * @param comparisons that the decision took into account
   */
  public static List<String> of(
      PromotionGate gate,
      PromotionGate.Decision decision,
      BinaryMetrics candidate,
      BinaryMetrics baseline,
      List<ModelComparison> comparisons) {
    List<String> lines = new ArrayList<>();
    lines.add(
        words(
            "Test part: %,d rows, %,d with label 1. Candidate: AUC %.4f, log loss %.4f. Logistic"
                + " baseline: AUC %.4f, log loss %.4f.",
            candidate.rows(),
            candidate.positives(),
            candidate.auc(),
            candidate.logloss(),
            baseline.auc(),
            baseline.logloss()));
    comparisons.forEach(comparison -> lines.addAll(against(gate, comparison)));
    lines.add(risk(gate, comparisons));
    lines.add(
        decision instanceof PromotionGate.Decision.Hold hold
            ? words(
                "Decision: %s, because of %d of %d rules.",
                comparisons.isEmpty() ? "there is no champion yet" : "the champion stays",
                hold.reasons().size(),
                decision.checks().size())
            : words("Decision: promote; all %d rules hold.", decision.checks().size()));
    if (decision instanceof PromotionGate.Decision.Hold hold) {
      lines.addAll(hold.reasons());
    }
    return List.copyOf(lines);
  }

  private static List<String> against(PromotionGate gate, ModelComparison comparison) {
    String who = comparison.alias() + " " + comparison.version();
    ModelComparison.Result result = comparison.result();
    if (result == null) {
      return List.of(words("No comparison with %s. %s", who, comparison.reason()));
    }
    PairedAuc auc = result.auc();
    return List.of(
        words(
            "Against %s, on %,d rows of %,d sessions, %,d with label 1, that neither has learned"
                + " from: AUC %.4f against %.4f, log loss %.4f against %.4f.",
            who,
            auc.rows(),
            auc.sessions(),
            auc.positives(),
            auc.candidate(),
            auc.other(),
            result.candidate().logloss(),
            result.other().logloss()),
        words(
            "The candidate's AUC is %s by %.4f; the difference is between %+.4f and %+.4f with"
                + " %s %% confidence, and above %+.4f with %s %%.",
            auc.difference() < 0 ? "lower" : "higher",
            Math.abs(auc.difference()),
            auc.lower(gate.confidence()),
            auc.upper(gate.confidence()),
            PromotionGate.percent(1 - 2 * gate.risk()),
            auc.lower(gate.confidence()),
            PromotionGate.percent(gate.confidence())));
  }

  private static String risk(PromotionGate gate, List<ModelComparison> comparisons) {
    if (comparisons.isEmpty()) {
      return "There is no champion to compare with: the absolute limits alone decide.";
    }
    String stated =
        words(
            "Probability that a run promotes a candidate whose AUC is no higher than the"
                + " champion's: at most %s %%.",
            PromotionGate.percent(gate.risk()));
    ModelComparison.Result result = comparisons.get(0).result();
    ExchangedModels.Rate chance = result == null ? null : result.chance();
    return chance == null
        ? stated
        : stated
            + words(
                " Simulated on these rows with the two models exchanged at random, %,d times:"
                    + " %s %%.",
                chance.draws(), PromotionGate.percent(chance.share()));
  }

  private static String words(String pattern, Object... figures) {
    return String.format(Locale.ROOT, pattern, figures);
  }
}
