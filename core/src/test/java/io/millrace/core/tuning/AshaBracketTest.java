package io.millrace.core.tuning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.tuning.AshaBracket.Decision;
import io.millrace.core.tuning.AshaBracket.Verdict;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class AshaBracketTest {
  private static final AshaRule RULE = new AshaRule(4, 60, 3);

  /** Runs a study with workers that finish in a random order. */
  private static Map<String, Verdict> run(int trials, long lossSeed, long orderSeed, int failing) {
    AshaBracket bracket = new AshaBracket(RULE, trials);
    Random order = new Random(orderSeed);
    Map<String, Verdict> verdicts = new HashMap<>();
    List<int[]> running = new ArrayList<>();
    Deque<Integer> waiting = new ArrayDeque<>();
    for (int trial = 0; trial < trials; trial++) {
      waiting.add(trial);
    }
    while (!running.isEmpty() || !waiting.isEmpty()) {
      while (running.size() < 3 && !waiting.isEmpty()) {
        running.add(new int[] {waiting.remove(), 0});
      }
      int[] done = running.remove(order.nextInt(running.size()));
      List<Decision> decisions =
          done[0] == failing && done[1] == 1
              ? bracket.fail(done[0])
              : bracket.report(done[0], done[1], loss(lossSeed, done[0], done[1]));
      for (Decision decision : decisions) {
        verdicts.put(decision.trial() + "@" + decision.rung(), decision.verdict());
        if (decision.verdict() == Verdict.CONTINUE) {
          running.add(new int[] {decision.trial(), decision.rung() + 1});
        }
      }
    }
    return verdicts;
  }

  private static double loss(long seed, int trial, int rung) {
    return new Random(seed * 31 + trial * 7L + rung).nextInt(20) / 20.0;
  }

  @Property(tries = 300)
  void decidesTheSameInWhateverOrderTrialsFinish(
      @ForAll @IntRange(min = 1, max = 30) int trials,
      @ForAll long losses,
      @ForAll long oneOrder,
      @ForAll long otherOrder,
      @ForAll @IntRange(max = 30) int failing) {
    assertThat(run(trials, losses, oneOrder, failing))
        .isEqualTo(run(trials, losses, otherOrder, failing));
  }

  @Property(tries = 200)
  void endsEveryTrialExactlyOnce(
      @ForAll @IntRange(min = 1, max = 30) int trials, @ForAll long losses, @ForAll long order) {
    Map<String, Verdict> verdicts = run(trials, losses, order, -1);

    Set<Integer> ended = new HashSet<>();
    verdicts.forEach(
        (key, verdict) -> {
          if (verdict != Verdict.CONTINUE) {
            assertThat(ended.add(Integer.parseInt(key.substring(0, key.indexOf('@'))))).isTrue();
          }
        });
    assertThat(ended).hasSize(trials);
    assertThat(verdicts.values()).contains(Verdict.COMPLETE);
  }

  @Test
  void neverStopsTheBestAndStopsMostOfTheRest() {
    AshaBracket bracket = new AshaBracket(RULE, 12);
    List<Decision> decisions = new ArrayList<>();
    for (int trial = 0; trial < 12; trial++) {
      decisions.addAll(bracket.report(trial, 0, trial == 7 ? 0.1 : 0.5 + trial / 100.0));
    }

    assertThat(decisions).hasSize(12);
    assertThat(decisions.get(7).verdict()).isEqualTo(Verdict.CONTINUE);
    assertThat(decisions).filteredOn(d -> d.verdict() == Verdict.STOP).hasSizeGreaterThan(6);
  }

  @Test
  void waitsForSmallerNumbersAndForgetsTheFailed() {
    AshaBracket bracket = new AshaBracket(RULE, 3);

    assertThat(bracket.report(2, 0, 0.1)).isEmpty();
    assertThat(bracket.report(1, 0, 0.2)).isEmpty();
    assertThat(bracket.fail(0))
        .containsExactly(
            new Decision(1, 0, Verdict.CONTINUE), new Decision(2, 0, Verdict.CONTINUE));
  }

  @Test
  void takesNotANumberAsWorst() {
    AshaBracket bracket = new AshaBracket(RULE, 2);

    assertThat(bracket.report(0, 0, 0.5)).hasSize(1);
    assertThat(bracket.report(1, 0, Double.NaN)).containsExactly(new Decision(1, 0, Verdict.STOP));
  }

  @Test
  void laysOutTheRungs() {
    assertThat(RULE.rungs()).containsExactly(4, 12, 36, 60);
    assertThat(AshaRule.none(100).rungs()).containsExactly(100);
    assertThat(new AshaRule(10, 10, 3).rungs()).containsExactly(10);
    assertThatThrownBy(() -> new AshaRule(0, 10, 3)).hasMessageContaining("graceRounds=0");
  }

  @Test
  void refusesAReportThatIsNotDue() {
    AshaBracket bracket = new AshaBracket(RULE, 2);

    assertThatThrownBy(() -> bracket.report(0, 1, 0.5)).hasMessageContaining("Trial 0");
  }
}
