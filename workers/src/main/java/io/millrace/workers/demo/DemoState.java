package io.millrace.workers.demo;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Properties;

/**
 * What the demo remembers, so that each run on the same data makes new events: the next run takes
 * the next seed, so that all its sessions are new, and starts an hour after the last event.
 *
 * @param runs how many runs have begun
 * @param nextStart event time at which the next one starts
 */
record DemoState(long runs, Instant nextStart) {
  private static final long FIRST_SEED = 42;
  private static final Instant FIRST_START = Instant.parse("2019-10-01T00:00:00Z");
  private static final Duration PAUSE = Duration.ofHours(1);

  /** Lies with the data, so that `down --purge` removes both. */
  static Path file(Path dataDirectory) {
    return dataDirectory.resolve("data").resolve("demo.properties");
  }

  static DemoState read(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      return new DemoState(0, FIRST_START);
    }
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    }
    return new DemoState(
        Long.parseLong(properties.getProperty("runs", "0")),
        Instant.parse(properties.getProperty("next-start", FIRST_START.toString())));
  }

  long seed() {
    return FIRST_SEED + runs;
  }

  /** The state once a run has begun: its seed is used up, even if the run fails. */
  DemoState begun() {
    return new DemoState(runs + 1, nextStart);
  }

  /** The state once a run's events have been made. */
  DemoState upTo(Instant latest) {
    Instant after = latest.plus(PAUSE).truncatedTo(ChronoUnit.HOURS);
    return new DemoState(runs, after.isAfter(nextStart) ? after : nextStart);
  }

  void write(Path file) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    Properties properties = new Properties();
    properties.setProperty("runs", Long.toString(runs));
    properties.setProperty("next-start", nextStart.toString());
    Path draft = file.resolveSibling(file.getFileName() + ".new");
    try (Writer writer = Files.newBufferedWriter(draft)) {
      properties.store(writer, null);
    }
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
