package io.millrace.engine;

/**
 * How many direct upstream tasks are in which state; a mapped task counts once an item.
 *
 * @param total all of them
 * @param success those that succeeded
 * @param skipped those that were skipped
 * @param failed those that failed
 * @param upstreamFailed those that were not run because of a failure above them
 */
public record UpstreamCounts(int total, int success, int skipped, int failed, int upstreamFailed) {

  static final UpstreamCounts NONE = new UpstreamCounts(0, 0, 0, 0, 0);

  public UpstreamCounts {
    if (success < 0 || skipped < 0 || failed < 0 || upstreamFailed < 0) {
      throw new IllegalArgumentException("Counts must not be negative");
    }
    if (success + skipped + failed + upstreamFailed > total) {
      throw new IllegalArgumentException("More upstream tasks are done than there are");
    }
  }

  /** So many tasks or items in one state. */
  static UpstreamCounts of(NodeState state, int total) {
    return new UpstreamCounts(
        total,
        state == NodeState.SUCCESS ? total : 0,
        state == NodeState.SKIPPED ? total : 0,
        state == NodeState.FAILED ? total : 0,
        state == NodeState.UPSTREAM_FAILED ? total : 0);
  }

  int done() {
    return success + skipped + failed + upstreamFailed;
  }

  boolean allDone() {
    return done() == total;
  }

  int anyFailed() {
    return failed + upstreamFailed;
  }

  UpstreamCounts plus(UpstreamCounts other) {
    return new UpstreamCounts(
        total + other.total,
        success + other.success,
        skipped + other.skipped,
        failed + other.failed,
        upstreamFailed + other.upstreamFailed);
  }
}
