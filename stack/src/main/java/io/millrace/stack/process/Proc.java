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
import java.util.stream.Stream;

/**
 * What Linux tells about running processes under {@code /proc}. Elsewhere every answer is empty and
 * callers do with less: that only costs detail in messages and the search for orphans.
 */
final class Proc {
  private static final Path ROOT = Path.of("/proc");
  private static final String LISTEN = "0A";

  private Proc() {}

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

  /** The processes without a terminal whose working directory is the folder or one below it. */
  static List<ProcessId> workingIn(Path folder) {
    List<ProcessId> found = new ArrayList<>();
    Path real = realPath(folder);
    for (long pid : pids()) {
      boolean inside =
          linkTarget(ROOT.resolve(pid + "/cwd"))
              .filter(at -> Path.of(at).startsWith(real))
              .isPresent();
      if (inside && !hasTerminal(pid)) {
        ProcessId.of(pid).ifPresent(found::add);
      }
    }
    return found;
  }

  private static Path realPath(Path folder) {
    try {
      return folder.toRealPath();
    } catch (IOException e) {
      return folder; // not there, so nobody works in it
    }
  }

  private static boolean hasTerminal(long pid) {
    try {
      String stat = Files.readString(ROOT.resolve(pid + "/stat"), StandardCharsets.ISO_8859_1);
      return !stat.substring(stat.lastIndexOf(')') + 1).strip().split(" +")[4].equals("0");
    } catch (IOException e) {
      return false;
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
