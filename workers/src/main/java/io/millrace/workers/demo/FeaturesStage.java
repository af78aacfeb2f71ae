package io.millrace.workers.demo;

import io.millrace.activities.features.OnlineVerification;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Consumer;

/** Compares the online features, made by the stream, with those that the warehouse's SQL makes. */
final class FeaturesStage implements Stage {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @Override
  public String name() {
    return "features";
  }

  @Override
  public Duration limit() {
    return Duration.ofMinutes(5);
  }

  @Override
  public String lookAt() {
    return "millrace features verify, and the Flink Web UI: is the features job running?";
  }

  @Override
  public String run(DemoRun run, Consumer<String> progress) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    OnlineVerification.Report online =
        Poll.until(
            () -> {
              OnlineVerification.Report report = run.verifyOnline();
              progress.accept(
                  String.format(
                      Locale.ROOT,
                      "%,d of %,d rows equal",
                      report.equal() + report.ahead(),
                      report.rows()));
              return report;
            },
            // Rows that are missing or behind may be on their way; different ones stay so.
            report -> report.missing() + report.behind() == 0 || System.nanoTime() > deadline);
    run.online = online;
    return String.format(
        Locale.ROOT,
        "%,d rows online, %,d differ from the warehouse",
        online.equal() + online.ahead(),
        online.differences());
  }
}
