package io.millrace.workers.demo;

import java.time.Duration;
import java.util.Locale;
import java.util.function.Consumer;

/** Waits until every judged message is a line of a lake object. */
final class LakeStage implements Stage {

  @Override
  public String name() {
    return "lake";
  }

  @Override
  public Duration limit() {
    return Duration.ofMinutes(10);
  }

  @Override
  public String lookAt() {
    return "millrace logs flink, and the Flink Web UI: is the lake job running?";
  }

  @Override
  public String run(DemoRun run, Consumer<String> progress) throws InterruptedException {
    Counts before = DemoRun.found(run.before);
    Counts after =
        Poll.until(
            () -> {
              Counts counts = run.countAll();
              progress.accept(
                  String.format(
                      Locale.ROOT,
                      "%,d of %,d lines in %,d new objects",
                      counts.lakeValid() + counts.lakeInvalid() - lines(before),
                      counts.valid() + counts.invalid() - lines(before),
                      counts.lakeObjects() - before.lakeObjects()));
              return counts;
            },
            counts -> counts.isValidated() && counts.isInLake());
    run.after = after;
    return String.format(
        Locale.ROOT,
        "%,d lines in %,d objects",
        lines(after) - lines(before),
        after.lakeObjects() - before.lakeObjects());
  }

  private static long lines(Counts counts) {
    return counts.lakeValid() + counts.lakeInvalid();
  }
}
