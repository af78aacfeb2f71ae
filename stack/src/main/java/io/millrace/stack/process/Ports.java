package io.millrace.stack.process;

import io.millrace.stack.StackException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;

/** Free and taken TCP ports on the loopback address. */
public final class Ports {
  /** Below the range from which systems take the ports of outgoing connections. */
  private static final int LOWEST = 20_000;

  private static final int HIGHEST = 32_000;
  private static final int BLOCK = 64;

  /** Held until this process ends. */
  private static final List<ServerSocket> CLAIMS = new ArrayList<>();

  private static int next;
  private static int end;

  private static final Duration DYING = Duration.ofSeconds(5);

  private Ports() {}

  /** Whether a server could listen there now. */
  public static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Distinct ports that are free now. No call gives a port twice, nor does another process: each
   * draws blocks at random and keeps the first port of its blocks bound for as long as it lives.
   */
  public static synchronized List<Integer> free(int count) {
    List<Integer> found = new ArrayList<>();
    while (found.size() < count) {
      if (next == end) {
        claimBlock();
      }
      int port = next++;
      if (isFree(port)) {
        found.add(port);
      }
    }
    return List.copyOf(found);
  }

  private static void claimBlock() {
    for (int tries = 0; tries < 10_000; tries++) {
      int first = LOWEST + BLOCK * ThreadLocalRandom.current().nextInt((HIGHEST - LOWEST) / BLOCK);
      try {
        CLAIMS.add(new ServerSocket(first, 1, InetAddress.getLoopbackAddress()));
        next = first + 1;
        end = first + BLOCK;
        return;
      } catch (IOException e) {
        // Another one's, or a server listens there.
      }
    }
    throw new StackException(
        "No block of %d ports is free between %d and %d.".formatted(BLOCK, LOWEST, HIGHEST));
  }

  /**
   * Passes when all ports are free, or become so in a moment: one whose holder cannot be found may
   * be that of a process which was killed and is not quite gone.
   *
   * @throws StackException naming each taken port, its holder when the system tells, and how to
   *     choose another
   */
  public static void requireFree(List<ListenPort> ports) {
    long deadline = System.nanoTime() + DYING.toNanos();
    List<ListenPort> taken = taken(ports);
    while (System.nanoTime() < deadline
        && !taken.isEmpty()
        && taken.stream().allMatch(port -> Proc.listeningOn(port.number()).isEmpty())) {
      Termination.pause();
      taken = taken(ports);
    }
    if (!taken.isEmpty()) {
      throw new StackException(
          taken.stream().map(Ports::describe).collect(Collectors.joining("\n")));
    }
  }

  private static List<ListenPort> taken(List<ListenPort> ports) {
    return ports.stream().filter(port -> !isFree(port.number())).toList();
  }

  private static String describe(ListenPort port) {
    return "Port %d (%s) is taken by %s. Stop that, or choose another port: %s."
        .formatted(port.number(), port.setting(), holder(port.number()), port.remedy());
  }

  /** Who listens on a port, for a message. */
  static String holder(int port) {
    List<Long> pids = Proc.listeningOn(port);
    return pids.isEmpty()
        ? "another process"
        : "pid %d (%s)".formatted(pids.get(0), commandLine(pids.get(0)));
  }

  private static String commandLine(long pid) {
    String line =
        ProcessHandle.of(pid).flatMap(p -> p.info().commandLine()).orElse("command unknown");
    return line.length() <= 120 ? line : line.substring(0, 117) + "...";
  }
}
