package io.millrace.engine.matrix;

import io.millrace.engine.TriggerRule;

/** Airflow's trigger rules, written down without the engine's. */
final class Rules {

  private Rules() {}

  /** What a rule says now. */
  enum Verdict {
    WAIT,
    RUN,
    SKIP,
    UPSTREAM_FAIL
  }

  /**
   * How many upstream tasks (of a map, items) are in which state.
   *
   * @param failed those that failed themselves
   * @param upstreamFailed those that did not run because of a failure above
   */
  record Counts(int total, int success, int skipped, int failed, int upstreamFailed) {

    static final Counts NONE = new Counts(0, 0, 0, 0, 0);

    Counts with(State state) {
      return new Counts(
          total + 1,
          success + (state == State.SUCCESS ? 1 : 0),
          skipped + (state == State.SKIPPED ? 1 : 0),
          failed + (state == State.FAILED ? 1 : 0),
          upstreamFailed + (state == State.UPSTREAM_FAILED ? 1 : 0));
    }

    boolean allDone() {
      return success + skipped + failed + upstreamFailed == total;
    }

    int bad() {
      return failed + upstreamFailed;
    }
  }

  /** One row of Airflow's table: runs when, fails when, is skipped when; in that order. */
  static Verdict decide(TriggerRule rule, Counts up) {
    if (up.total() == 0) {
      return Verdict.RUN;
    }
    int n = up.total();
    int s = up.success();
    int k = up.skipped();
    boolean done = up.allDone();
    boolean bad = up.bad() > 0;
    return switch (rule) {
      case ALL_SUCCESS -> row(s == n, bad, k > 0);
      case ALL_FAILED -> row(up.bad() == n, false, s + k > 0);
      case ALL_DONE -> row(done, false, false);
      case ALL_DONE_MIN_ONE_SUCCESS -> row(k == 0 && done && s > 0, k == 0 && done, k > 0);
      case ALL_SKIPPED -> row(k == n, false, s > 0 || bad);
      case ONE_FAILED -> row(bad, false, done);
      case ONE_SUCCESS -> row(s > 0, done && k < n, done);
      case ONE_DONE -> row(s + up.failed() > 0, false, done);
      case NONE_FAILED -> row(s + k == n, bad, false);
      case NONE_FAILED_MIN_ONE_SUCCESS -> row(s + k == n && s > 0, bad, k == n);
      case NONE_SKIPPED -> row(done && k == 0, false, k > 0);
      case ALWAYS -> Verdict.RUN;
    };
  }

  /** Airflow's {@code all_done_setup_success}. */
  static Verdict teardown(Counts up, Counts setups) {
    if (!up.allDone()) {
      return Verdict.WAIT;
    }
    return row(setups.success() > 0, setups.skipped() < setups.total(), true);
  }

  private static Verdict row(boolean run, boolean fail, boolean skip) {
    if (run) {
      return Verdict.RUN;
    }
    if (fail) {
      return Verdict.UPSTREAM_FAIL;
    }
    return skip ? Verdict.SKIP : Verdict.WAIT;
  }
}
