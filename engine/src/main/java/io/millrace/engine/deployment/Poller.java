package io.millrace.engine.deployment;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A worker that asks a task queue for work.
 *
 * @param queue the task queue
 * @param kind {@code workflow} or {@code activity}
 * @param identity of the worker, {@code <pid>@<host>} unless it was given another
 * @param deployment the deployment that its version belongs to, or null if it has no version
 * @param buildId its version, or null if it has none
 * @param lastSeen when it last asked
 */
public record Poller(
    String queue,
    String kind,
    String identity,
    @Nullable String deployment,
    @Nullable String buildId,
    Instant lastSeen) {

  /** A poll waits a minute for work at most, so a worker that is there is seen as often. */
  private static final Duration MAX_SILENCE = Duration.ofSeconds(90);

  /**
   * Whether the worker still runs, as far as is known: the server forgets one that has stopped only
   * after minutes, but on this machine the process can be looked for.
   */
  public boolean isAlive(Instant now) {
    return lastSeen.isAfter(now.minus(MAX_SILENCE)) && !hasEndedHere();
  }

  private boolean hasEndedHere() {
    String self = ManagementFactory.getRuntimeMXBean().getName();
    String host = self.substring(self.indexOf('@') + 1);
    int at = identity.indexOf('@');
    if (at < 1 || !identity.substring(at + 1).equals(host)) {
      return false;
    }
    String pid = identity.substring(0, at);
    return pid.matches("[0-9]{1,18}") && ProcessHandle.of(Long.parseLong(pid)).isEmpty();
  }
}
