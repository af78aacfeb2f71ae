package io.millrace.stack.process;

import java.lang.management.ManagementFactory;
import java.time.Duration;

/**
 * How much longer a program may take because the machine has other work: a limit holds for a
 * machine with a free processor, and grows with the number of programs that wait for each.
 */
public final class MachineLoad {
  private static final double MAX = 10;

  private MachineLoad() {}

  /** The limit times the load of each processor in the last minute, which counts from 1 to 10. */
  public static Duration stretch(Duration limit) {
    double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    return stretch(limit, load, Runtime.getRuntime().availableProcessors());
  }

  static Duration stretch(Duration limit, double load, int processors) {
    // Negative where the system does not say.
    double each = Math.min(MAX, Math.max(1, load / processors));
    return Duration.ofMillis(Math.round(limit.toMillis() * each));
  }
}
