package io.millrace.stack.process;

import io.millrace.stack.StackException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A process that was started a moment ago, until it is well.
 *
 * @param logOffset where its part of the log begins
 * @param classes how it got its classes
 */
record Launch(
    ManagedProcess process, ProcessSpec spec, long logOffset, ClassArchive.Start classes) {
  /** What helps a process that needs longer than it was given. */
  private static final String ADVICE =
      "\nIt was ended. If its log shows no fault, the machine is too slow or too busy for the time"
          + " that it had: set stack.start-timeout=10m in millrace.properties, or"
          + " MILLRACE_START_TIMEOUT=10m.";

  private static final int LINES = 8;

  /** Starts it. */
  static Launch begin(ProcessSpec spec, String mark, Path log) throws IOException {
    long offset = ProcessLog.prepare(log);
    Files.createDirectories(spec.directory());
    ClassArchive archive = spec.classes();
    ClassArchive.Start classes = archive == null ? ClassArchive.Start.PLAIN : archive.start();
    ProcessId id = Launcher.launch(spec, classes.options(), mark, log);
    return new Launch(
        new ManagedProcess(spec.name(), id, spec.fingerprint(), spec.stopSignal(), log),
        spec,
        offset,
        classes);
  }

  /** Returns an empty text once it is well, else what went wrong in the time that it has. */
  String awaitWell(HealthCheck health, Duration patience) {
    return Readiness.await(process, health, state -> patience).problem();
  }

  /** Whether it still runs after a time; false at once when this thread is interrupted. */
  boolean staysFor(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    while (process.isAlive() && System.nanoTime() < end) {
      if (Thread.currentThread().isInterrupted()) {
        return false;
      }
      Termination.pause();
    }
    return process.isAlive();
  }

  /**
   * Makes an archive of what it has loaded, if there is none.
   *
   * @param makerMark a {@code NAME=value} for the environment of the process that makes it
   */
  void keepClasses(String makerMark) {
    ClassArchive archive = spec.classes();
    if (archive != null) {
      archive.make(classes, makerMark);
    }
  }

  /** What is said of one that did not become well, with the end of its log. */
  StackException failed(String problem) {
    List<String> tail = ProcessLog.tail(process.log(), logOffset, LINES);
    String lines = tail.isEmpty() ? "" : "\n  " + String.join("\n  ", tail);
    String advice = problem.startsWith("was not ready") ? ADVICE : "";
    return new StackException(
        "%s %s%s%nLog: %s%s".formatted(process.name(), problem, advice, process.log(), lines));
  }
}
