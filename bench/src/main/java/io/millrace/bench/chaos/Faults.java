package io.millrace.bench.chaos;

import io.millrace.stack.Component;
import io.millrace.stack.Stack;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/**
 * Kills one server after another with SIGKILL and starts each again after a while, in an order that
 * a seed decides. Each kind comes once before any comes again.
 */
final class Faults {
  private static final Duration SHORT = Duration.ofSeconds(2);
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final int MAX_PAUSE_SECONDS = 10;

  /** JobManager and TaskManagers are one process here, so that a kill of Flink is one of both. */
  private static final Map<Component, Duration> KINDS =
      Map.of(
          Component.FLINK, SHORT,
          Component.KAFKA, SHORT,
          Component.POSTGRES, SHORT,
          Component.CONNECT, SHORT,
          Component.REDIS, LONG,
          Component.S3, LONG);

  private final Stack stack;
  private final Random random;
  private final Map<String, Integer> done = new TreeMap<>();

  Faults(Stack stack, long seed) {
    this.stack = stack;
    this.random = new Random(seed);
  }

  /** Goes on until the time is over; every server runs when it returns. */
  Map<String, Integer> inject(Duration time) throws InterruptedException {
    long deadline = System.nanoTime() + time.toNanos();
    while (System.nanoTime() < deadline) {
      for (Component component : shuffled()) {
        if (System.nanoTime() < deadline) {
          hurt(component);
        }
      }
    }
    return done;
  }

  private List<Component> shuffled() {
    List<Component> kinds = new ArrayList<>(new TreeSet<>(KINDS.keySet()));
    Collections.shuffle(kinds, random);
    return kinds;
  }

  private void hurt(Component component) throws InterruptedException {
    Duration away = KINDS.getOrDefault(component, SHORT);
    System.err.printf("kill -9 %s, away for %d s%n", component.id(), away.toSeconds());
    stack.kill9(component);
    TimeUnit.SECONDS.sleep(away.toSeconds());
    stack.restart(component);
    done.merge(component.id(), 1, Integer::sum);
    TimeUnit.SECONDS.sleep(random.nextInt(MAX_PAUSE_SECONDS));
  }
}
