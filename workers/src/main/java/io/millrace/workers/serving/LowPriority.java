package io.millrace.workers.serving;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.SortedSet;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work during which the processes of other sessions get the processors first, and this one what
 * they leave, of a few processors only if it is to.
 *
 * <p>Linux's scheduler groups processes by session and gives each group a nice value, which, unlike
 * a process's own, anyone who raised it may lower again (sched(7), "The autogroup feature").
 * Elsewhere it changes nothing.
 */
final class LowPriority {
  static final Path AUTOGROUP = Path.of("/proc/self/autogroup");

  private static final Logger log = LoggerFactory.getLogger(LowPriority.class);
  private static final String LOW = "19";
  private static final String NORMAL = "0";

  /** The kernel takes a value of those who are not root ten times a second at most. */
  private static final long AGAIN_NANOS = 200_000_000;

  private LowPriority() {}

  /**
   * Does the work.
   *
   * @param processors how many it may use at most; 0 = all
   */
  static <T> T during(int processors, Supplier<T> work) {
    set(LOW);
    Optional<SortedSet<Integer>> all =
        processors == 0 ? Optional.empty() : Processors.keepTo(processors);
    try {
      return work.get();
    } finally {
      all.ifPresent(Processors::release);
      set(NORMAL);
    }
  }

  private static void set(String nice) {
    if (!Files.isWritable(AUTOGROUP)) {
      return;
    }
    try {
      write(nice);
    } catch (IOException e) {
      log.warn("The priority of this process stays as it is reason={}", e.getMessage());
    }
  }

  private static void write(String nice) throws IOException {
    try {
      Files.writeString(AUTOGROUP, nice, StandardOpenOption.WRITE);
    } catch (IOException e) {
      LockSupport.parkNanos(AGAIN_NANOS);
      Files.writeString(AUTOGROUP, nice, StandardOpenOption.WRITE);
    }
  }
}
