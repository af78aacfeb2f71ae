package io.millrace.stack.process;

import io.millrace.stack.StackException;
import io.millrace.stack.process.ProcessSpec.StopSignal;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Ends processes: asks first, then insists. */
public final class Termination {
  private static final Duration POLL = Duration.ofMillis(20);
  private static final int MAX_LOOKS = 50;
  private static final Duration KILL_PATIENCE = Duration.ofSeconds(10);

  private Termination() {}

  /** Asks them to stop, and waits until they are gone or the time is over. */
  static void ask(Collection<ProcessId> processes, StopSignal signal, Duration patience) {
    for (ProcessId id : alive(processes)) {
      if (signal == StopSignal.INT) {
        interrupt(id);
      } else {
        ProcessHandle.of(id.pid()).ifPresent(ProcessHandle::destroy);
      }
    }
    awaitGone(processes, patience);
  }

  /**
   * Kills them at once and waits until they are gone.
   *
   * @throws StackException when one stays, for want of rights
   */
  static void kill(Collection<ProcessId> processes) {
    for (ProcessId id : alive(processes)) {
      ProcessHandle.of(id.pid()).ifPresent(ProcessHandle::destroyForcibly);
    }
    awaitGone(processes, KILL_PATIENCE);
    List<ProcessId> left = alive(processes);
    if (!left.isEmpty()) {
      throw new StackException(
          "Process %d cannot be stopped. Stop it yourself (kill -9 %d), then try again."
              .formatted(left.get(0).pid(), left.get(0).pid()));
    }
  }

  /**
   * Kills what was started with this {@code NAME=value} in its environment, as far as the system
   * tells. Looks again until nothing is found twice: one that is just being started, or that
   * another one starts meanwhile, does not show its environment yet.
   */
  public static void killMarked(String mark) {
    int nothing = 0;
    for (int looks = 0; looks < MAX_LOOKS && nothing < 2; looks++) {
      List<ProcessId> found = Proc.withEnvironment(mark);
      kill(found);
      nothing = found.isEmpty() ? nothing + 1 : 0;
      pause();
    }
  }

  /** Waits a moment; when interrupted it returns at once, with the interrupt still set. */
  static void pause() {
    try {
      TimeUnit.NANOSECONDS.sleep(POLL.toNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void awaitGone(Collection<ProcessId> processes, Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    while (!alive(processes).isEmpty() && System.nanoTime() < deadline) {
      pause();
    }
  }

  private static List<ProcessId> alive(Collection<ProcessId> processes) {
    return processes.stream().filter(ProcessId::isAlive).toList();
  }

  private static void interrupt(ProcessId id) {
    try {
      new ProcessBuilder("kill", "-INT", String.valueOf(id.pid())).start().waitFor();
    } catch (IOException e) {
      throw new StackException("Cannot run kill: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
