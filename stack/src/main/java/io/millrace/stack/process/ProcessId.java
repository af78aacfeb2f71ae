package io.millrace.stack.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A process that cannot be mistaken for a later one with the same number: its pid and when it
 * started.
 *
 * @param pid the operating system's number
 * @param started an opaque token of the start: on Linux the boot id and the clock ticks since boot,
 *     which no change of the wall clock moves; elsewhere the start in epoch milliseconds
 */
public record ProcessId(long pid, String started) {
  private static final Path PROC = Path.of("/proc");

  /** Rejects what no process can have. */
  public ProcessId {
    if (pid <= 0 || started.isBlank()) {
      throw new IllegalArgumentException("not a process: pid " + pid + " started " + started);
    }
  }

  /** The process that has this pid now, unless there is none or it is only waiting to be reaped. */
  public static Optional<ProcessId> of(long pid) {
    Path stat = PROC.resolve(Long.toString(pid)).resolve("stat");
    if (Files.isDirectory(PROC.resolve("self"))) {
      try {
        return startTicks(Files.readString(stat, StandardCharsets.ISO_8859_1))
            .map(ticks -> new ProcessId(pid, "linux:" + bootId() + ":" + ticks));
      } catch (IOException e) {
        return Optional.empty();
      }
    }
    return ProcessHandle.of(pid)
        .filter(ProcessHandle::isAlive)
        .flatMap(handle -> handle.info().startInstant())
        .map(start -> new ProcessId(pid, "epoch-millis:" + start.toEpochMilli()));
  }

  /** The process we run in. */
  public static ProcessId current() {
    return of(ProcessHandle.current().pid()).orElseThrow();
  }

  /** Whether this very process, not a later one with its number, still runs. */
  public boolean isAlive() {
    return of(pid).filter(this::equals).isPresent();
  }

  /** The text kept in a pid file; {@link #parse} reads it back. */
  public String format() {
    return pid + " " + started;
  }

  /** Reads what {@link #format} wrote; empty for anything else, such as a file cut short. */
  public static Optional<ProcessId> parse(String text) {
    String[] parts = text.strip().split(" ", 2);
    if (parts.length != 2 || parts[1].isBlank()) {
      return Optional.empty();
    }
    try {
      return Optional.of(new ProcessId(Long.parseLong(parts[0]), parts[1].strip()));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /**
   * Field 22 of {@code /proc/PID/stat}; empty for a zombie. The command, field 2, may hold blanks
   * and parentheses, so fields are counted from the last closing one.
   */
  static Optional<String> startTicks(String stat) {
    String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" +");
    if (fields.length < 20 || fields[0].equals("Z") || fields[0].equals("X")) {
      return Optional.empty();
    }
    return Optional.of(fields[19]);
  }

  private static String bootId() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
    } catch (IOException e) {
      return "unknown";
    }
  }
}
