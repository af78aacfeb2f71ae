package io.millrace.engine.asset;

import java.time.Duration;

/** Prints how long the steps of a measurement take, and what processor time they cost. */
final class Stopwatch {

  private final String name;
  private long since = System.nanoTime();
  private Duration own = own();
  private Duration server = server();

  Stopwatch(String name) {
    this.name = name;
  }

  /** Ends a step, and begins the next. */
  void lap(String step) {
    long now = System.nanoTime();
    Duration ownNow = own();
    Duration serverNow = server();
    note(
        "%-16s %6.1f s; processor: tests and workers %5.1f s, server %5.1f s"
            .formatted(
                step,
                (now - since) / 1e9,
                seconds(ownNow.minus(own)),
                seconds(serverNow.minus(server))));
    since = now;
    own = ownNow;
    server = serverNow;
  }

  @SuppressWarnings("SystemOut") // figures for people
  void note(String text) {
    System.out.printf("%s: %s%n", name, text);
  }

  private static double seconds(Duration time) {
    return time.toMillis() / 1e3;
  }

  private static Duration own() {
    return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
  }

  private static Duration server() {
    return ProcessHandle.current()
        .descendants()
        .map(process -> process.info().totalCpuDuration().orElse(Duration.ZERO))
        .reduce(Duration.ZERO, Duration::plus);
  }
}
