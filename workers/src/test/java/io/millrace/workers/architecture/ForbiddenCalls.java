package io.millrace.workers.architecture;

import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.io.File;
import java.net.Socket;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A workflow with one example of each call that breaks a rule of {@link Determinism}, and some that
 * break none.
 */
// What the compiler warns of is forbidden here, too.
@SuppressWarnings({"FutureReturnValueIgnored", "JavaUtilDate", "ReturnValueIgnored"})
final class ForbiddenCalls {
  /** The names of the methods that break each rule. */
  static final Map<String, List<String>> BY_RULE =
      Map.of(
          "the wall clock", List.of("instant", "date", "localDate", "clock", "millis", "nanos"),
          "random values",
              List.of("uuid", "math", "random", "secure", "local", "split", "identity"),
          "the environment, files or the network",
              List.of("variable", "property", "files", "file", "socket", "client"),
          "threads", List.of("thread", "future", "executor", "lock", "parallel", "stream"),
          "maps and sets without an order",
              List.of(
                  "hashMap",
                  "hashSet",
                  "concurrent",
                  "copy",
                  "pairs",
                  "two",
                  "array",
                  "toSet",
                  "toMap",
                  "groups"));

  private ForbiddenCalls() {}

  @WorkflowInterface
  interface Calls {
    @WorkflowMethod
    void run();
  }

  /** Reached by no call of this project: the library calls it. */
  static final class Compared implements Comparable<Compared> {
    @Override
    public int compareTo(Compared other) {
      return instant().hashCode();
    }
  }

  /** Workflow code reaches one of these by an interface. */
  interface Step {
    Object step();
  }

  static final class ByInterface implements Step {
    @Override
    public Object step() {
      return date();
    }
  }

  static final class Run implements Calls {
    @Override
    public void run() {
      new Compared();
      step(null);
      Stream.of(1).map(n -> localDate());
      Stream.of(1).map(n -> clock());
      millis();
      nanos();
      uuid();
      math();
      random();
      secure();
      local();
      split();
      identity();
      variable();
      property();
      files();
      file();
      socket();
      client();
      thread();
      future();
      executor();
      lock();
      parallel();
      stream();
      hashMap();
      hashSet();
      concurrent();
      copy();
      pairs();
      two();
      array();
      toSet();
      toMap();
      groups();
      allowed();
    }

    private static Object step(Step step) {
      return step.step();
    }
  }

  static Object instant() {
    return Instant.now();
  }

  static Object date() {
    return new Date();
  }

  static Object localDate() {
    return LocalDate.now(ZoneOffset.UTC);
  }

  static Object clock() {
    return Clock.systemUTC();
  }

  static Object millis() {
    return System.currentTimeMillis();
  }

  static Object nanos() {
    return System.nanoTime();
  }

  static Object uuid() {
    return UUID.randomUUID();
  }

  static Object math() {
    return Math.random();
  }

  static Object random() {
    return new Random(1);
  }

  static Object secure() {
    return new SecureRandom();
  }

  static Object local() {
    return ThreadLocalRandom.current();
  }

  static Object split() {
    return new SplittableRandom();
  }

  static Object identity() {
    return System.identityHashCode("");
  }

  static Object variable() {
    return System.getenv("HOME");
  }

  static Object property() {
    return System.getProperty("user.home");
  }

  static Object files() {
    return Files.exists(Path.of("x"));
  }

  static Object file() {
    return new File("x");
  }

  static Object socket() {
    return new Socket();
  }

  static Object client() {
    return HttpClient.newHttpClient();
  }

  static Object thread() {
    return Thread.currentThread();
  }

  static Object future() {
    return new CompletableFuture<>();
  }

  static Object executor() {
    return Executors.newCachedThreadPool();
  }

  static Object lock() {
    return new ReentrantLock();
  }

  static Object parallel() {
    return List.of(1).parallelStream();
  }

  static Object stream() {
    return Stream.of(1).parallel();
  }

  static Object hashMap() {
    return new HashMap<>();
  }

  static Object hashSet() {
    return new HashSet<>();
  }

  static Object concurrent() {
    return new ConcurrentHashMap<>();
  }

  static Object copy() {
    return Map.copyOf(new TreeMap<>());
  }

  static Object pairs() {
    return Map.of("a", 1, "b", 2);
  }

  static Object two() {
    return Set.of(1, 2);
  }

  static Object array() {
    return Set.of(new Integer[] {1});
  }

  static Object toSet() {
    return Stream.of(1).collect(Collectors.toSet());
  }

  static Object toMap() {
    return Stream.of(1).collect(Collectors.toMap(n -> n, n -> n));
  }

  static Object groups() {
    return Stream.of(1).collect(Collectors.groupingBy(n -> n));
  }

  static Object allowed() {
    Map<String, Integer> none = Map.of();
    Map<String, Integer> one = Map.of("a", 1);
    Set<String> set = Set.of("a");
    Map<Integer, Integer> ordered =
        Stream.of(1).collect(Collectors.toMap(n -> n, n -> n, (a, b) -> a, TreeMap::new));
    return List.of(
        none,
        one,
        set,
        ordered,
        new LinkedHashMap<>(),
        new SplittableRandom(1),
        System.lineSeparator());
  }
}
