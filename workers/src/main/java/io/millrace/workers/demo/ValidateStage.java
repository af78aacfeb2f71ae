package io.millrace.workers.demo;

import java.time.Duration;
import java.util.Locale;
import java.util.function.Consumer;

/** Waits until Flink has judged every message: as many valid and invalid as were sent. */
final class ValidateStage implements Stage {

  @Override
  public String name() {
    return "validate";
  }

  @Override
  public Duration limit() {
    return Duration.ofMinutes(10);
  }

  @Override
  public String lookAt() {
    return "millrace logs flink, and the Flink Web UI: is the validation job running?";
  }

  @Override
  public String run(DemoRun run, Consumer<String> progress) throws InterruptedException {
    Counts before = DemoRun.found(run.before);
    long expected = before.raw() + run.produced;
    Counts after =
        Poll.until(
            () -> {
              Counts counts = run.countTopics(before);
              progress.accept(
                  String.format(
                      Locale.ROOT,
                      "%,d of %,d judged",
                      counts.valid() + counts.invalid() - before.raw(),
                      run.produced));
              return counts;
            },
            counts -> counts.raw() >= expected && counts.isValidated());
    return String.format(
        Locale.ROOT,
        "%,d valid, %,d invalid",
        after.valid() - before.valid(),
        after.invalid() - before.invalid());
  }
}
