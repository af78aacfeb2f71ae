package io.millrace.stack.process;

import io.millrace.stack.StackException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;

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
   * Passes when the port is free, or becomes so in a moment: one whose holder cannot be found may
   * be that of a process which was killed and is not quite gone.
   *
   * @throws StackException naming the port, its holder when the system tells, and how to choose
   *     another
   */
  public static void requireFree(ListenPort port) {
    long deadline = System.nanoTime() + DYING.toNanos();
    while (System.nanoTime() < deadline && Proc.listeningOn(port.number()).isEmpty()) {
      if (isFree(port.number())) {
        return;
      }
      Termination.pause();
    }
    if (isFree(port.number())) {
      return;
    }
    String variable = port.setting().toUpperCase(Locale.ROOT).replace('-', '_');
    throw new StackException(
        "Port %d (%s) is taken by %s. Stop that, or choose another port: ports.%s=NUMBER in millrace.properties, or MILLRACE_%s_PORT=NUMBER."
            .formatted(
                port.number(), port.setting(), holder(port.number()), port.setting(), variable));
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
