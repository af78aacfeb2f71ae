package io.millrace.workers.demo;

import java.time.Duration;
import java.util.Locale;
import java.util.function.Consumer;

/** Waits until what was sent before is through, so that this run's counts are its own. */
final class DrainStage implements Stage {

  @Override
  public String name() {
    return "settle";
  }

  @Override
  public Duration limit() {
    return Duration.ofMinutes(5);
  }

  @Override
  public String lookAt() {
    return "millrace logs flink, and the Flink Web UI";
  }

  @Override
  public String run(DemoRun run, Consumer<String> progress) throws InterruptedException {
    Counts before =
        Poll.until(
            () -> {
              Counts counts = run.countAll();
              progress.accept(words(counts));
              return counts;
            },
            counts -> counts.isValidated() && counts.isInLake());
    run.before = before;
    run.tablesBefore = run.countTables();
    return before.raw() == 0
        ? "nothing there yet"
        : String.format(Locale.ROOT, "%,d events of earlier runs are in the lake", before.raw());
  }

  private static String words(Counts counts) {
    return String.format(
        Locale.ROOT,
        "%,d sent before, %,d judged, %,d in the lake",
        counts.raw(),
        counts.valid() + counts.invalid(),
        counts.lakeValid() + counts.lakeInvalid());
  }
}
