package io.millrace.workers.demo;

import io.millrace.activities.cdc.CaptureConfig;
import io.millrace.activities.cdc.ChangeCapture;
import io.millrace.activities.cdc.TableReplay;
import io.millrace.activities.streaming.GeneratedEvents;
import io.millrace.activities.streaming.ReplaySummary;
import io.millrace.stack.Endpoints;
import io.millrace.workers.config.KafkaConfig;
import io.millrace.workers.local.LocalMillrace;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Consumer;

/** Writes events into PostgreSQL's table, and waits until its changes have come to Kafka. */
final class CdcStage implements Stage {
  private static final long SEEDS = 2_000_000;

  private final Endpoints endpoints;
  private final int partitions;
  private final long events;
  private final Path stateFile;

  CdcStage(Endpoints endpoints, KafkaConfig kafka, DemoOptions options, Path stateFile) {
    this.endpoints = endpoints;
    this.partitions = kafka.rawPartitions();
    this.events = options.captured();
    this.stateFile = stateFile;
  }

  @Override
  public String name() {
    return "cdc";
  }

  @Override
  public Duration limit() {
    return Duration.ofMinutes(5);
  }

  @Override
  public String lookAt() {
    return "millrace cdc status, millrace logs connect";
  }

  @Override
  public String run(DemoRun run, Consumer<String> progress)
      throws IOException, InterruptedException {
    if (events == 0) {
      return "nothing to write beside a file";
    }
    CaptureConfig config = LocalMillrace.capture(endpoints);
    progress.accept("registering the capture");
    new ChangeCapture(config, endpoints.kafka().bootstrapServers()).register(partitions);
    DemoState state = DemoState.read(stateFile);
    GeneratedEvents source =
        new GeneratedEvents(events, state.seed() + SEEDS, 0, state.nextStart());
    ReplaySummary summary =
        TableReplay.write(config, source, 0, written -> progress.accept(written + " written"));
    state.upTo(source.latestEventTime()).write(stateFile);
    run.produced += summary.produced();
    run.cdcEvents = summary.produced();
    Counts before = DemoRun.found(run.before);
    Poll.until(
        () -> {
          Counts counts = run.countTopics(before);
          progress.accept(
              String.format(
                  Locale.ROOT,
                  "%,d of %,d rows still to come",
                  before.raw() + run.produced - counts.raw(),
                  summary.produced()));
          return counts;
        },
        counts -> counts.raw() >= before.raw() + run.produced);
    return String.format(Locale.ROOT, "%,d rows captured", summary.produced());
  }
}
