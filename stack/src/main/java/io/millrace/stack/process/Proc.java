package io.millrace.stack.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What Linux tells about running processes under {@code /proc}. Elsewhere every answer is empty and
 * callers do with less: that only costs detail in messages and the search for orphans.
 */
final class Proc {
  private static final Path ROOT = Path.of("/proc");
  private static final String LISTEN = "0A";
  private static final Pattern ENTRY = Pattern.compile("(^|\0)[A-Za-z_][A-Za-z_0-9]*=");

  private Proc() {}

  /** Whether this system has it. */
  static boolean isThere() {
    return Files.isDirectory(ROOT.resolve("self"));
  }

  /**
   * The processes that were started with this {@code NAME=value} in their environment, and still
   * run.
   */
  static List<ProcessId> withEnvironment(String entry) {
    List<ProcessId> found = new ArrayList<>();
    for (long pid : pids()) {
      if (hasEnvironment(pid, entry)) {
        ProcessId.of(pid).ifPresent(found::add);
      }
    }
    return found;
  }

  /**
   * The processes that run the program, work in the folder or one below it, and have no environment
   * left to be found by: servers such as PostgreSQL, nginx and Redis write their title over it.
   *
   * @param program the real path of the file that is run; empty: any
   */
  static List<ProcessId> titledIn(Path folder, String program) {
    List<ProcessId> found = new ArrayList<>();
    Path real = realPath(folder);
    for (long pid : pids()) {
      boolean inside =
          linkTarget(ROOT.resolve(pid + "/cwd"))
              .filter(at -> Path.of(at).startsWith(real))
              .isPresent();
      boolean same = program.isEmpty() || program(pid).filter(program::equals).isPresent();
      if (inside && same && !hasEnvironment(pid)) {
        ProcessId.of(pid).ifPresent(found::add);
      }
    }
    return found;
  }

  /** The file that the process runs. */
  static Optional<String> program(long pid) {
    return linkTarget(ROOT.resolve(pid + "/exe"));
  }

  /** Whether anything like {@code NAME=value} is left of the process's environment. */
  private static boolean hasEnvironment(long pid) {
    try {
      String all = Files.readString(ROOT.resolve(pid + "/environ"), StandardCharsets.ISO_8859_1);
      return all.lines().anyMatch(line -> ENTRY.matcher(line).find());
    } catch (IOException e) {
      return true; // gone meanwhile, or another user's
    }
  }

  /**
   * The time that the threads of a process have worked or waited for a processor, in nanoseconds; 0
   * when it cannot be read.
   */
  static long workNanos(long pid) {
    try (Stream<Path> threads = Files.list(ROOT.resolve(pid + "/task"))) {
      return threads.mapToLong(thread -> scheduledNanos(thread.resolve("schedstat"))).sum();
    } catch (IOException e) {
      return 0;
    }
  }

  private static long scheduledNanos(Path schedstat) {
    try {
      String[] fields = Files.readString(schedstat).strip().split(" ");
      return Long.parseLong(fields[0]) + Long.parseLong(fields[1]);
    } catch (IOException | RuntimeException e) {
      return 0; // the thread has ended, or the kernel does not count
    }
  }

  private static Path realPath(Path folder) {
    try {
      return folder.toRealPath();
    } catch (IOException e) {
      return folder; // not there, so nobody works in it
    }
  }

  private static boolean hasEnvironment(long pid, String entry) {
    try {
      String all = Files.readString(ROOT.resolve(pid + "/environ"), StandardCharsets.ISO_8859_1);
      return ("\0" + all).contains("\0" + entry + "\0");
    } catch (IOException e) {
      return false; // gone meanwhile, or another user's
    }
  }

  /** The sockets that the processes listen on; one that several of them hold counts once. */
  static List<Listening> listening(String name, List<Long> pids) {
    Set<String> held = new HashSet<>();
    for (long pid : pids) {
      try (Stream<Path> descriptors = Files.list(ROOT.resolve(pid + "/fd"))) {
        descriptors.forEach(fd -> linkTarget(fd).ifPresent(held::add));
      } catch (IOException e) {
        // Gone meanwhile, or another user's.
      }
    }
    List<Listening> found = new ArrayList<>();
    for (String table : List.of("net/tcp", "net/tcp6")) {
      try (Stream<String> lines = Files.lines(ROOT.resolve(table))) {
        lines
            .skip(1)
            .map(line -> line.strip().split(" +"))
            .filter(fields -> fields.length > 9 && fields[3].equals(LISTEN))
            .filter(fields -> held.contains("socket:[" + fields[9] + "]"))
            .forEach(fields -> found.add(Listening.of(name, fields[1])));
      } catch (IOException e) {
        return List.of();
      }
    }
    return found;
  }

  /** The processes that listen on a TCP port. */
  static List<Long> listeningOn(int port) {
    Set<String> sockets = new HashSet<>();
    for (String table : List.of("net/tcp", "net/tcp6")) {
      try (Stream<String> lines = Files.lines(ROOT.resolve(table))) {
        lines.skip(1).forEach(line -> listeningSocket(line, port).ifPresent(sockets::add));
      } catch (IOException e) {
        return List.of();
      }
    }
    return sockets.isEmpty()
        ? List.of()
        : pids().stream().filter(pid -> holdsAny(pid, sockets)).toList();
  }

  /** The {@code socket:[inode]} of a line of {@code /proc/net/tcp} that listens on the port. */
  static Optional<String> listeningSocket(String line, int port) {
    String[] fields = line.strip().split(" +");
    boolean matches =
        fields.length > 9
            && fields[3].equals(LISTEN)
            && fields[1].endsWith(":%04X".formatted(port));
    return matches ? Optional.of("socket:[" + fields[9] + "]") : Optional.empty();
  }

  private static boolean holdsAny(long pid, Set<String> sockets) {
    try (Stream<Path> descriptors = Files.list(ROOT.resolve(pid + "/fd"))) {
      return descriptors.anyMatch(fd -> linkTarget(fd).filter(sockets::contains).isPresent());
    } catch (IOException e) {
      return false;
    }
  }

  private static Optional<String> linkTarget(Path link) {
    try {
      return Optional.of(Files.readSymbolicLink(link).toString());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /**
   * The memory a process holds, its part of shared pages included, in bytes; 0 when it cannot be
   * read.
   */
  static long memoryBytes(long pid) {
    for (String file : List.of("smaps_rollup", "status")) {
      try (Stream<String> lines = Files.lines(ROOT.resolve(pid + "/" + file))) {
        String key = file.equals("status") ? "VmRSS:" : "Pss:";
        Optional<Long> bytes =
            lines
                .filter(line -> line.startsWith(key))
                .map(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
                .findFirst();
        if (bytes.isPresent()) {
          return bytes.get();
        }
      } catch (IOException | java.io.UncheckedIOException e) {
        // Gone meanwhile, or smaps_rollup needs more rights than we have: status is the second try.
      }
    }
    return 0;
  }

  private static List<Long> pids() {
    try (Stream<Path> entries = Files.list(ROOT)) {
      return entries
          .map(entry -> entry.getFileName().toString())
          .filter(name -> name.matches("[0-9]+"))
          .map(Long::parseLong)
          .toList();
    } catch (IOException e) {
      return List.of();
    }
  }
}
