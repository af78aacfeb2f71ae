package io.millrace.workers.serving;

import com.sun.management.HotSpotDiagnosticMXBean;
import io.millrace.stack.StackException;
import io.millrace.stack.install.Commands;
import io.millrace.stack.process.Executables;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The processors that the threads of this process may run on (sched_setaffinity(2)). Java has no
 * call for it: taskset(1) of util-linux does it. Where there is none, all stays as it is.
 */
final class Processors {
  private static final Logger log = LoggerFactory.getLogger(Processors.class);
  private static final Path THREADS = Path.of("/proc/self/task");
  private static final Pattern ALLOWED = Pattern.compile("(?m)^Cpus_allowed_list:\\s*(\\S+)$");
  private static final Pattern RANGE = Pattern.compile("(\\d+)(?:-(\\d+))?");
  private static final Duration LIMIT = Duration.ofSeconds(10);

  /** A thread that has not been told yet may begin another, which has not either. */
  private static final int TRIES = 5;

  private Processors() {}

  /**
   * Keeps this process to a few of its processors.
   *
   * <p>A JVM that was not told their number ({@code -XX:ActiveProcessorCount}) would take the few
   * for all that there are, and size its pools for them for ever: it keeps all.
   *
   * @param count how many, at least 1
   * @return what to give to {@link #release} when it may have all again; empty if it still has
   */
  static Optional<SortedSet<Integer>> keepTo(int count) {
    if (!Files.exists(THREADS)) {
      return Optional.empty();
    }
    try {
      SortedSet<Integer> all = ofThisThread();
      if (Executables.onPath("taskset").isEmpty()) {
        throw new IOException("there is no taskset");
      }
      if (!isCountGiven()) {
        throw new IOException("it needs -XX:ActiveProcessorCount=" + all.size());
      }
      return all.size() > count && confine(all, count) ? Optional.of(all) : Optional.empty();
    } catch (IOException e) {
      log.warn("this process keeps all processors reason={}", e.getMessage());
      return Optional.empty();
    }
  }

  /** Asked of the JVM's options: the number that it sees may be an old one for 20 ms. */
  private static boolean isCountGiven() {
    String count =
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
            .getVMOption("ActiveProcessorCount")
            .getValue();
    return !count.equals("-1");
  }

  private static boolean confine(SortedSet<Integer> all, int count) {
    try {
      // The last ones: the first has most of the machine's interrupts.
      use(all.stream().skip(all.size() - count).collect(Collectors.toCollection(TreeSet::new)));
      return true;
    } catch (IOException e) {
      log.warn("this process keeps all processors reason={}", e.getMessage());
    }
    release(all); // some threads may have been told
    return false;
  }

  /** Lets all threads run on these again. */
  static void release(SortedSet<Integer> processors) {
    try {
      use(processors);
    } catch (IOException e) {
      log.error("this process does not get its processors back reason={}", e.getMessage());
    }
  }

  /**
   * Lets all threads run on these and no others.
   *
   * @throws IOException if some may not after that
   */
  private static void use(SortedSet<Integer> processors) throws IOException {
    String list = processors.stream().map(String::valueOf).collect(Collectors.joining(","));
    String pid = Long.toString(ProcessHandle.current().pid());
    List<String> command = List.of("taskset", "-a", "-c", "-p", list, pid);
    @Nullable StackException failure = null;
    for (int tries = 0; tries < TRIES; tries++) {
      try {
        String unused = Commands.run(command, Map.of(), LIMIT);
      } catch (StackException e) {
        failure = e; // a thread that ends meanwhile is enough
      }
      if (ofThreads().equals(Set.of(processors))) {
        return;
      }
    }
    throw new IOException("some threads may not run on the processors " + list, failure);
  }

  /** The processors that threads of this process may run on: one set if all may on the same. */
  static Set<SortedSet<Integer>> ofThreads() throws IOException {
    List<Path> threads;
    try (Stream<Path> listed = Files.list(THREADS)) {
      threads = listed.toList();
    }
    Set<SortedSet<Integer>> all = new HashSet<>();
    for (Path thread : threads) {
      try {
        all.add(allowed(thread));
      } catch (IOException e) {
        if (Files.exists(thread)) {
          throw e;
        }
      }
    }
    return all;
  }

  private static SortedSet<Integer> ofThisThread() throws IOException {
    return allowed(Path.of("/proc/thread-self"));
  }

  private static SortedSet<Integer> allowed(Path thread) throws IOException {
    Matcher allowed = ALLOWED.matcher(Files.readString(thread.resolve("status")));
    if (!allowed.find()) {
      throw new IOException("the kernel does not say on which processors a thread may run");
    }
    return RANGE
        .matcher(allowed.group(1))
        .results()
        .flatMap(
            range -> {
              int first = Integer.parseInt(range.group(1));
              String last = range.group(2);
              return IntStream.rangeClosed(first, last == null ? first : Integer.parseInt(last))
                  .boxed();
            })
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
