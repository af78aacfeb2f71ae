package io.millrace.bench.chaos;

import io.millrace.activities.cdc.CaptureConfig;
import io.millrace.activities.cdc.CaptureException;
import io.millrace.activities.cdc.TableReplay;
import io.millrace.activities.streaming.EventReplay;
import io.millrace.activities.streaming.GeneratedEvents;
import io.millrace.activities.streaming.ReplaySummary;
import io.millrace.stack.Endpoints;
import io.millrace.workers.local.LocalMillrace;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Two producers for as long as the faults last: raw messages to Kafka, a tenth of them broken, and
 * rows to the table whose changes are captured. A producer whose server is away goes on when it is
 * back.
 */
final class Load {
  private static final double BAD_RATE = 0.1;
  private static final int ROWS_PER_SECOND = 20;
  private static final int CATCH_UP = 10;
  private static final Duration PAUSE = Duration.ofSeconds(2);
  private static final Instant START = Instant.parse("2019-10-01T00:00:00Z");

  private final Endpoints at;
  private final long seed;
  private final long messages;
  private final int rate;

  Load(Endpoints at, long seed, Duration time, int rate) {
    this.at = at;
    this.seed = seed;
    this.rate = rate;
    this.messages = time.toSeconds() * rate;
  }

  /** Sends the messages; ends with how many Kafka acknowledged. */
  CompletableFuture<Long> toKafka() {
    return CompletableFuture.supplyAsync(
        () -> {
          GeneratedEvents events = new GeneratedEvents(messages, seed, BAD_RATE, START);
          ReplaySummary summary =
              EventReplay.send(at.kafka().bootstrapServers(), "lz4", events, rate, sent -> {});
          return summary.produced();
        });
  }

  /** Writes the rows; ends with how many that were. */
  CompletableFuture<Long> toTable(Duration time) {
    long rows = time.toSeconds() * ROWS_PER_SECOND;
    return CompletableFuture.supplyAsync(
        () -> {
          for (double pace = ROWS_PER_SECOND; ; pace = CATCH_UP * ROWS_PER_SECOND) {
            try {
              // What the table has already is left out, so that each try goes on where one broke.
              GeneratedEvents events = new GeneratedEvents(rows, seed + 1_000_000, 0, START);
              TableReplay.write(capture(), events, pace, number -> {});
              return rows;
            } catch (CaptureException e) {
              System.err.println("the table's producer waits: " + e.getMessage());
              pause();
            }
          }
        });
  }

  CaptureConfig capture() {
    return LocalMillrace.capture(at);
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the database was away", e);
    }
  }
}
