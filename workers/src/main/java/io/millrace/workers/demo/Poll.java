package io.millrace.workers.demo;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Looks again and again until something holds; the stage's limit ends it if it never does. */
final class Poll {
  private static final Duration PAUSE = Duration.ofMillis(400);

  private Poll() {}

  static <T> T until(Supplier<T> look, Predicate<T> holds) throws InterruptedException {
    while (true) {
      T seen = look.get();
      if (holds.test(seen)) {
        return seen;
      }
      TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
    }
  }
}
