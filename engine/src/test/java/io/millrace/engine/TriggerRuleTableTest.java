package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.TriggerRule.Decision;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Airflow's table of trigger rules, written down once more in the letters of its documentation. */
class TriggerRuleTableTest {

  @Property(tries = 5_000)
  void decidesAsTheTableSays(
      @ForAll TriggerRule rule,
      @ForAll @IntRange(max = 6) int waiting,
      @ForAll @IntRange(max = 6) int success,
      @ForAll @IntRange(max = 6) int skipped,
      @ForAll @IntRange(max = 6) int failed,
      @ForAll @IntRange(max = 6) int upstreamFailed) {
    int n = waiting + success + skipped + failed + upstreamFailed;

    Decision decision =
        rule.evaluate(new UpstreamCounts(n, success, skipped, failed, upstreamFailed));

    assertThat(decision)
        .isEqualTo(
            n == 0 ? Decision.RUN : table(rule, n, success, skipped, failed, upstreamFailed));
  }

  /** Row by row: runs when, upstream_failed when, skipped when; in that order of precedence. */
  private static Decision table(TriggerRule rule, int n, int s, int k, int f, int u) {
    boolean all = s + k + f + u == n;
    boolean bad = f + u > 0;
    return switch (rule) {
      case ALL_SUCCESS -> row(s == n, bad, k > 0);
      case ALL_FAILED -> row(f + u == n, false, s > 0 || k > 0);
      case ALL_DONE -> row(all, false, false);
      case ALL_DONE_MIN_ONE_SUCCESS -> row(k == 0 && all && s >= 1, k == 0 && all && s == 0, k > 0);
      case ALL_SKIPPED -> row(k == n, false, s > 0 || bad);
      case ONE_FAILED -> row(bad, false, all && !bad);
      case ONE_SUCCESS -> row(s > 0, all && s == 0 && k < n, all && k == n);
      case ONE_DONE -> row(s + f > 0, false, all && s + f == 0);
      case NONE_FAILED -> row(s + k == n, bad, false);
      case NONE_FAILED_MIN_ONE_SUCCESS -> row(s + k == n && s >= 1, bad, k == n);
      case NONE_SKIPPED -> row(all && k == 0, false, k > 0);
      case ALWAYS -> Decision.RUN;
    };
  }

  private static Decision row(boolean run, boolean upstreamFail, boolean skip) {
    if (run) {
      return Decision.RUN;
    }
    if (upstreamFail) {
      return Decision.UPSTREAM_FAIL;
    }
    return skip ? Decision.SKIP : Decision.WAIT;
  }
}
