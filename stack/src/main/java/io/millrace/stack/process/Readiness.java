package io.millrace.stack.process;

import io.millrace.stack.process.HealthCheck.Finding;
import io.millrace.stack.process.HealthCheck.State;
import java.time.Duration;
import java.util.function.Function;

/**
 * Waits until a process is ready. Its time runs only while it makes no {@link Progress}: a busy
 * machine makes a start slow, and not a failure. At most ten times as long altogether.
 */
final class Readiness {
  private static final int MAX = 10;

  private Readiness() {}

  /**
   * How the wait ended.
   *
   * @param alive whether the process still runs
   * @param finding of the last check
   * @param taken how long the wait was
   */
  record Outcome(boolean alive, Finding finding, Duration taken) {
    /** Whether the process runs and is ready. */
    boolean isReady() {
      return alive && finding.state() == State.READY;
    }

    /** Empty if it is ready, else what is wrong. */
    String problem() {
      if (!alive) {
        return "ended while it was starting.";
      }
      return isReady()
          ? ""
          : "was not ready after %d s: %s".formatted(taken.toSeconds(), finding.problem());
    }
  }

  /**
   * Waits.
   *
   * @param patience how long a process may make no progress on an idle machine, by what the check
   *     finds
   */
  static Outcome await(
      ManagedProcess process, HealthCheck health, Function<State, Duration> patience) {
    long started = System.nanoTime();
    Progress progress = new Progress(process);
    while (true) {
      Finding finding = health.finding();
      Duration taken = Duration.ofNanos(System.nanoTime() - started);
      boolean alive = process.isAlive();
      boolean ended = !alive || finding.state() == State.READY;
      if (ended
          || Thread.currentThread().isInterrupted()
          || isOver(progress.none(), taken, patience.apply(finding.state()))) {
        return new Outcome(alive, finding, taken);
      }
      Termination.pause();
    }
  }

  private static boolean isOver(Duration idle, Duration taken, Duration patience) {
    if (idle.compareTo(patience) <= 0) {
      return false;
    }
    Duration limit = MachineLoad.stretch(patience);
    return idle.compareTo(limit) > 0 || taken.compareTo(limit.multipliedBy(MAX)) > 0;
  }
}
