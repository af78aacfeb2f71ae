package io.millrace.stack.process;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;

/**
 * A running process of ours.
 *
 * @param name as in its {@link ProcessSpec}
 * @param id the process itself
 * @param fingerprint of the spec that it was started with
 * @param stopSignal how it is asked to stop
 * @param log where its output goes
 */
public record ManagedProcess(
    String name, ProcessId id, String fingerprint, ProcessSpec.StopSignal stopSignal, Path log) {
  /** Whether it still runs. */
  public boolean isAlive() {
    return id.isAlive();
  }

  /** How long it has been running, by the wall clock; zero if unknown. */
  public Duration age() {
    return ProcessHandle.of(id.pid())
        .flatMap(handle -> handle.info().startInstant())
        .map(start -> Duration.between(start, Instant.now()))
        .orElse(Duration.ZERO);
  }

  /**
   * The memory of the process and all its descendants in bytes, shared pages counted once; 0 if
   * unknown.
   */
  public long memoryBytes() {
    return tree().mapToLong(Proc::memoryBytes).sum();
  }

  /**
   * The time that the process and all its descendants have worked or waited for a processor, in
   * nanoseconds; 0 if unknown.
   */
  long workNanos() {
    return tree().mapToLong(Proc::workNanos).sum();
  }

  private Stream<Long> tree() {
    Stream<Long> children =
        ProcessHandle.of(id.pid()).stream()
            .flatMap(ProcessHandle::descendants)
            .map(ProcessHandle::pid);
    return Stream.concat(Stream.of(id.pid()), children);
  }
}
