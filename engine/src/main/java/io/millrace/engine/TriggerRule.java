package io.millrace.engine;

/**
 * When a task runs, given the states of its direct upstream tasks.
 *
 * <p>Mirrors Airflow 3's {@code TriggerRuleDep}: a decision to skip or to fail is made as soon as
 * it is certain and does not wait for slow siblings; failure wins over skip. A task without
 * upstream tasks runs.
 */
public enum TriggerRule {
  /** Every upstream task succeeded. The default. */
  ALL_SUCCESS {
    @Override
    Decision decide(UpstreamCounts up) {
      if (up.anyFailed() > 0) {
        return Decision.UPSTREAM_FAIL;
      }
      return up.skipped() > 0 ? Decision.SKIP : Decision.runIf(up.success() == up.total());
    }
  },
  /** Every upstream task failed. */
  ALL_FAILED {
    @Override
    Decision decide(UpstreamCounts up) {
      if (up.success() > 0 || up.skipped() > 0) {
        return Decision.SKIP;
      }
      return Decision.runIf(up.anyFailed() == up.total());
    }
  },
  /** Every upstream task ended, in whatever way. */
  ALL_DONE {
    @Override
    Decision decide(UpstreamCounts up) {
      return Decision.runIf(up.allDone());
    }
  },
  /** Every upstream task ended, none was skipped and at least one succeeded. */
  ALL_DONE_MIN_ONE_SUCCESS {
    @Override
    Decision decide(UpstreamCounts up) {
      if (up.skipped() > 0) {
        return Decision.SKIP;
      }
      if (!up.allDone()) {
        return Decision.WAIT;
      }
      return up.success() > 0 ? Decision.RUN : Decision.UPSTREAM_FAIL;
    }
  },
  /** Every upstream task was skipped. */
  ALL_SKIPPED {
    @Override
    Decision decide(UpstreamCounts up) {
      if (up.success() > 0 || up.anyFailed() > 0) {
        return Decision.SKIP;
      }
      return Decision.runIf(up.skipped() == up.total());
    }
  },
  /** At least one upstream task failed; does not wait for the others. */
  ONE_FAILED {
    @Override
    Decision decide(UpstreamCounts up) {
      if (up.anyFailed() > 0) {
        return Decision.RUN;
      }
      return up.allDone() ? Decision.SKIP : Decision.WAIT;
    }
  },
  /** At least one upstream task succeeded; does not wait for the others. */
  ONE_SUCCESS {
    @Override
    Decision decide(UpstreamCounts up) {
      if (up.success() > 0) {
        return Decision.RUN;
      }
      if (!up.allDone()) {
        return Decision.WAIT;
      }
      return up.skipped() == up.total() ? Decision.SKIP : Decision.UPSTREAM_FAIL;
    }
  },
  /** At least one upstream task succeeded or failed; does not wait for the others. */
  ONE_DONE {
    @Override
    Decision decide(UpstreamCounts up) {
      if (up.success() + up.failed() > 0) {
        return Decision.RUN;
      }
      return up.allDone() ? Decision.SKIP : Decision.WAIT;
    }
  },
  /** No upstream task failed; skipped ones do not matter. */
  NONE_FAILED {
    @Override
    Decision decide(UpstreamCounts up) {
      if (up.anyFailed() > 0) {
        return Decision.UPSTREAM_FAIL;
      }
      return Decision.runIf(up.success() + up.skipped() == up.total());
    }
  },
  /** No upstream task failed and at least one succeeded. */
  NONE_FAILED_MIN_ONE_SUCCESS {
    @Override
    Decision decide(UpstreamCounts up) {
      if (up.anyFailed() > 0) {
        return Decision.UPSTREAM_FAIL;
      }
      if (up.success() + up.skipped() < up.total()) {
        return Decision.WAIT;
      }
      return up.success() > 0 ? Decision.RUN : Decision.SKIP;
    }
  },
  /** Every upstream task ended and none was skipped. */
  NONE_SKIPPED {
    @Override
    Decision decide(UpstreamCounts up) {
      return up.skipped() > 0 ? Decision.SKIP : Decision.runIf(up.allDone());
    }
  },
  /** At once, without waiting for anything. */
  ALWAYS {
    @Override
    Decision decide(UpstreamCounts up) {
      return Decision.RUN;
    }
  };

  /** What a rule says of a task at one moment. */
  public enum Decision {
    WAIT,
    RUN,
    SKIP,
    UPSTREAM_FAIL;

    private static Decision runIf(boolean condition) {
      return condition ? RUN : WAIT;
    }
  }

  abstract Decision decide(UpstreamCounts up);

  /**
   * Decides what becomes of a task now.
   *
   * @param up the states of its direct upstream tasks
   * @return {@code WAIT} while the answer depends on tasks that have not ended
   */
  public Decision evaluate(UpstreamCounts up) {
    return up.total() == 0 ? Decision.RUN : decide(up);
  }
}
