package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.TriggerRule.Decision;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every rule over every combination of up to four upstream states. */
class TriggerRuleTest {

  private static final List<NodeState> STATES =
      List.of(
          NodeState.RUNNING,
          NodeState.SUCCESS,
          NodeState.FAILED,
          NodeState.SKIPPED,
          NodeState.UPSTREAM_FAILED);

  /** What must hold of the upstream states when a task has been let run. */
  private static final Map<TriggerRule, Predicate<List<NodeState>>> RUNS_ONLY_IF =
      Map.ofEntries(
          Map.entry(TriggerRule.ALL_SUCCESS, up -> all(up, TriggerRuleTest::succeeded)),
          Map.entry(TriggerRule.ALL_FAILED, up -> all(up, TriggerRuleTest::failed)),
          Map.entry(TriggerRule.ALL_DONE, up -> all(up, NodeState::isTerminal)),
          Map.entry(
              TriggerRule.ALL_DONE_MIN_ONE_SUCCESS,
              up ->
                  all(up, state -> succeeded(state) || failed(state))
                      && up.stream().anyMatch(TriggerRuleTest::succeeded)),
          Map.entry(TriggerRule.ALL_SKIPPED, up -> all(up, TriggerRuleTest::skipped)),
          Map.entry(TriggerRule.ONE_FAILED, up -> up.stream().anyMatch(TriggerRuleTest::failed)),
          Map.entry(
              TriggerRule.ONE_SUCCESS, up -> up.stream().anyMatch(TriggerRuleTest::succeeded)),
          Map.entry(
              TriggerRule.ONE_DONE,
              up -> up.stream().anyMatch(state -> succeeded(state) || state == NodeState.FAILED)),
          Map.entry(
              TriggerRule.NONE_FAILED, up -> all(up, state -> succeeded(state) || skipped(state))),
          Map.entry(
              TriggerRule.NONE_FAILED_MIN_ONE_SUCCESS,
              up ->
                  all(up, state -> succeeded(state) || skipped(state))
                      && up.stream().anyMatch(TriggerRuleTest::succeeded)),
          Map.entry(
              TriggerRule.NONE_SKIPPED,
              up -> all(up, state -> state.isTerminal() && !skipped(state))),
          Map.entry(TriggerRule.ALWAYS, up -> true));

  @ParameterizedTest
  @EnumSource(TriggerRule.class)
  void runsExactlyWhenItsConditionHolds(TriggerRule rule) {
    for (List<NodeState> up : combinations(4)) {
      assertThat(rule.evaluate(counts(up)) == Decision.RUN)
          .as("%s of %s runs", rule, up)
          .isEqualTo(RUNS_ONLY_IF.get(rule).test(up));
    }
  }

  @ParameterizedTest
  @EnumSource(TriggerRule.class)
  void decidesOnceEverythingIsDone(TriggerRule rule) {
    for (List<NodeState> up : combinations(4)) {
      if (all(up, NodeState::isTerminal)) {
        assertThat(rule.evaluate(counts(up))).as("%s of %s", rule, up).isNotEqualTo(Decision.WAIT);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(TriggerRule.class)
  void neverTakesBackADecisionWhenASiblingEnds(TriggerRule rule) {
    for (List<NodeState> up : combinations(3)) {
      Decision early = rule.evaluate(counts(up));
      int running = up.indexOf(NodeState.RUNNING);
      if (running < 0 || early == Decision.WAIT || early == Decision.SKIP) {
        continue;
      }
      for (NodeState end : STATES.subList(1, STATES.size())) {
        List<NodeState> later = new ArrayList<>(up);
        later.set(running, end);
        assertThat(rule.evaluate(counts(later)))
            .as("%s of %s after %s", rule, later, up)
            .isEqualTo(early);
      }
    }
  }

  @Test
  void failureWinsOverSkip() {
    UpstreamCounts up = counts(List.of(NodeState.SKIPPED, NodeState.FAILED, NodeState.RUNNING));

    assertThat(TriggerRule.ALL_SUCCESS.evaluate(up)).isEqualTo(Decision.UPSTREAM_FAIL);
  }

  @ParameterizedTest
  @EnumSource(TriggerRule.class)
  void aTaskWithoutUpstreamTasksRuns(TriggerRule rule) {
    assertThat(rule.evaluate(counts(List.of()))).isEqualTo(Decision.RUN);
  }

  private static List<List<NodeState>> combinations(int longest) {
    List<List<NodeState>> all = new ArrayList<>();
    List<List<NodeState>> previous = List.of(List.of());
    for (int length = 1; length <= longest; length++) {
      List<List<NodeState>> longer = new ArrayList<>();
      for (List<NodeState> shorter : previous) {
        for (NodeState state : STATES) {
          List<NodeState> combination = new ArrayList<>(shorter);
          combination.add(state);
          longer.add(combination);
        }
      }
      all.addAll(longer);
      previous = longer;
    }
    return all;
  }

  private static UpstreamCounts counts(List<NodeState> up) {
    return new UpstreamCounts(
        up.size(),
        count(up, NodeState.SUCCESS),
        count(up, NodeState.SKIPPED),
        count(up, NodeState.FAILED),
        count(up, NodeState.UPSTREAM_FAILED));
  }

  private static int count(List<NodeState> up, NodeState state) {
    return (int) up.stream().filter(state::equals).count();
  }

  private static boolean all(List<NodeState> up, Predicate<NodeState> condition) {
    return up.stream().allMatch(condition);
  }

  private static boolean succeeded(NodeState state) {
    return state == NodeState.SUCCESS;
  }

  private static boolean skipped(NodeState state) {
    return state == NodeState.SKIPPED;
  }

  private static boolean failed(NodeState state) {
    return state == NodeState.FAILED || state == NodeState.UPSTREAM_FAILED;
  }
}
