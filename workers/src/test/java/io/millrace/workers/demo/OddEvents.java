package io.millrace.workers.demo;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.activities.streaming.CsvEvents;
import io.millrace.activities.streaming.EventReplay;
import io.millrace.activities.streaming.ReplaySummary;
import io.millrace.workers.config.KafkaConfig;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Sends {@code recount/odd-events.csv.gz}: 2,291 lines of ordinary events, events at the limits of
 * each field and lines that are no events. What must become of them was counted by {@code
 * src/test/python/odd_events.py}, which shares no code with Millrace.
 */
final class OddEvents implements Stage {
  private final KafkaConfig kafka;
  private final Path folder;
  private @Nullable ReplaySummary summary;

  OddEvents(KafkaConfig kafka, Path folder) {
    this.kafka = kafka;
    this.folder = folder;
  }

  @Override
  public String name() {
    return "produce";
  }

  @Override
  public Duration limit() {
    return Duration.ofMinutes(10);
  }

  @Override
  public String lookAt() {
    return "millrace logs kafka";
  }

  @Override
  public String run(DemoRun run, Consumer<String> progress) throws IOException {
    Path file = folder.resolve("odd-events.csv.gz");
    try (InputStream content = resource("odd-events.csv.gz")) {
      Files.copy(content, file);
    }
    try (CsvEvents source = CsvEvents.open(file)) {
      summary =
          EventReplay.send(kafka.bootstrapServers(), kafka.compression(), source, 0, sent -> {});
      run.produced = summary.produced();
      return summary.toString();
    }
  }

  ReplaySummary summary() {
    return DemoRun.found(summary);
  }

  /** The counts of the independent recount. */
  static Map<String, Long> expected() throws IOException {
    try (InputStream content = resource("expected.json")) {
      return new ObjectMapper().readValue(content, new TypeReference<>() {});
    }
  }

  private static InputStream resource(String name) {
    return Objects.requireNonNull(
        OddEvents.class.getResourceAsStream("/recount/" + name), "no resource " + name);
  }
}
