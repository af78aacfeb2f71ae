package io.millrace.stack;

import java.time.Duration;

/** Told how the start of each component goes; called from several threads at once. */
@FunctionalInterface
public interface ProgressListener {
  /** Where a component is on its way. */
  enum Phase {
    /** Downloading, building or unpacking; ends at once when that was done before. */
    INSTALLING,
    /** The process is started, or the running one is looked at. */
    STARTING,
    /** It answered its health check. Nothing follows. */
    HEALTHY,
    /** It could not be started. Nothing follows. */
    FAILED
  }

  /**
   * A component has reached a phase.
   *
   * @param elapsed since the start of this {@code up}
   * @param detail for {@link Phase#FAILED} what went wrong, else empty
   */
  void at(Component component, Phase phase, Duration elapsed, String detail);

  /** Listens to nothing. */
  static ProgressListener none() {
    return (component, phase, elapsed, detail) -> {};
  }
}
