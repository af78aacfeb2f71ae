package io.millrace.stack;

import java.nio.file.Path;

/**
 * What is known of one process.
 *
 * @param name of the component, or of another process started through the stack's supervisor
 * @param state whether it runs
 * @param address where its clients find it; empty for processes that are no component
 * @param pid 0 when it does not run
 * @param memoryBytes of the process and its descendants, shared pages counted once; 0 when it does
 *     not run
 * @param log its log file, which may not be there yet
 */
public record StatusRow(
    String name, State state, String address, long pid, long memoryBytes, Path log) {
  /** Whether it runs. */
  public enum State {
    /** Runs and passes its health check. */
    HEALTHY,
    /** Runs, and does not pass. */
    UNHEALTHY,
    /** Does not run. */
    STOPPED
  }
}
