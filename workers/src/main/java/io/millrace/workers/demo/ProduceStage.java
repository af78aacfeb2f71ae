package io.millrace.workers.demo;

import io.millrace.activities.streaming.CsvEvents;
import io.millrace.activities.streaming.EventReplay;
import io.millrace.activities.streaming.EventSource;
import io.millrace.activities.streaming.GeneratedEvents;
import io.millrace.activities.streaming.ReplaySummary;
import io.millrace.workers.config.KafkaConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Sends the file's rows, or events that no run has made before. */
final class ProduceStage implements Stage {
  private static final double BAD_RATE = 0.1;
  private static final int EVERY = 2_000;

  private final String bootstrapServers;
  private final String compression;
  private final long events;
  private final @Nullable Path input;
  private final Path stateFile;

  ProduceStage(String bootstrapServers, KafkaConfig kafka, DemoOptions options, Path stateFile) {
    this.bootstrapServers = bootstrapServers;
    this.compression = kafka.compression();
    this.events = options.bulk();
    this.input = options.input();
    this.stateFile = stateFile;
  }

  @Override
  public String name() {
    return "produce";
  }

  @Override
  public Duration limit() {
    return Duration.ofMinutes(30);
  }

  @Override
  public String lookAt() {
    return "millrace logs kafka";
  }

  @Override
  public String run(DemoRun run, Consumer<String> progress) throws IOException {
    ReplaySummary summary = input == null ? generated(progress) : replayed(input, progress);
    run.produced = summary.produced();
    if (!summary.isComplete()) {
      throw new IOException(
          summary.brokenOff() != null ? summary.brokenOff() : String.join("; ", summary.remarks()));
    }
    return String.format(
        Locale.ROOT,
        "%,d messages%s",
        summary.produced(),
        summary.remarks().isEmpty() ? "" : "; note: " + summary.remarks().get(0));
  }

  private ReplaySummary replayed(Path file, Consumer<String> progress) throws IOException {
    try (CsvEvents source = CsvEvents.open(file)) {
      return send(source, progress);
    }
  }

  private ReplaySummary generated(Consumer<String> progress) throws IOException {
    DemoState state = DemoState.read(stateFile);
    state.begun().write(stateFile);
    GeneratedEvents source = new GeneratedEvents(events, state.seed(), BAD_RATE, state.nextStart());
    ReplaySummary summary = send(source, progress);
    state.begun().upTo(source.latestEventTime()).write(stateFile);
    return summary;
  }

  private ReplaySummary send(EventSource source, Consumer<String> progress) {
    return EventReplay.send(
        bootstrapServers,
        compression,
        source,
        0,
        sent -> {
          if (sent % EVERY == 0) {
            progress.accept(String.format(Locale.ROOT, "%,d sent", sent));
          }
        });
  }
}
